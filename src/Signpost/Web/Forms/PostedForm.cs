using Signpost.Hosting;

namespace Signpost.Web.Forms;

/// <summary>Reads the form that a page posted.</summary>
internal static class PostedForm
{
    /// <summary>The form; null: the body is no form.</summary>
    public static async Task<IFormCollection?> ReadAsync(HttpContext http)
    {
        try
        {
            return http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : null;
        }
        catch (Exception error)
            when (error is InvalidDataException or NotSupportedException or IOException
                && error is not BadHttpRequestException
            )
        {
            // Too many fields, a broken multipart, or an unsupported character set.
            return null;
        }
        finally
        {
            await SocketThread.Leave();
        }
    }
}
