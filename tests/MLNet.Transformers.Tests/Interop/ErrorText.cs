namespace MLNet.Transformers.Tests.Interop;

internal static class ErrorText
{
    /// <summary>The messages of an exception and of those within it.</summary>
    public static string Of(Exception? error)
    {
        var text = new List<string>();
        for (; error is not null; error = error.InnerException)
        {
            text.Add(error.Message);
        }
        return string.Join('\n', text);
    }
}
