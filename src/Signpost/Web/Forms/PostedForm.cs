using Signpost.Hosting;

namespace Signpost.Web.Forms;

/// <summary>Reads what a page's form posted.</summary>
internal static class PostedForm
{
    /// <summary>The form; null: this is none.</summary>
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
            // Too many fields, a broken multipart, a character set that nobody reads.
            return null;
        }
        finally
        {
            await SocketThread.Leave();
        }
    }
}
