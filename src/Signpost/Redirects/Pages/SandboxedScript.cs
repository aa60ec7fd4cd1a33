namespace Signpost.Redirects.Pages;

/// <summary>
/// Documents for frames with <c>sandbox="allow-scripts"</c>: their origin is opaque, so scripts in them have no cookies, reach no
/// other page and cannot leave the frame. They inherit the policy of the page around them, and its nonce allows their
/// script; in the page itself no script of others has it.
/// </summary>
internal static class SandboxedScript
{
    // Scripts of vendors use these, and an opaque origin refuses them with an exception.
    private const string Stand =
        "Object.defineProperty(document,'cookie',{get:function(){return ''},set:function(){}});"
        + "['localStorage','sessionStorage'].forEach(function(n){var m={};Object.defineProperty(window,n,{value:{"
        + "getItem:function(k){return k in m?m[k]:null},setItem:function(k,v){m[k]=String(v)},removeItem:function(k){delete m[k]}}})});"
        + "function load(u){var e=document.createElement('script');e.src=u;document.head.appendChild(e)}";

    /// <summary>Holds a script unchanged. An end tag in it ends the script: the rest is text in the same sandbox.</summary>
    public static string Document(string script, string nonce) =>
        $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body><script nonce=\"{nonce}\">{script}</script></body></html>";

    public static string ForVendor(string code, string nonce) => Document(Stand + code, nonce);
}
