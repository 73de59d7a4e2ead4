using System.Text;

namespace MLNet.Transformers;

/// <summary>What lies in a file's place where a download went wrong: a message can name it, where a parser only says where it stumbled.</summary>
internal static class FailedDownload
{
    /// <summary>Bytes that are looked at.</summary>
    public const int HeadLength = 256;
    private const int Quoted = 60;

    private static readonly string[] _markup = ["<!doctype html", "<html", "<?xml", "<error>"];

    /// <summary>What a file is instead of what its name says, and what to do; null where nothing is known against it.</summary>
    /// <param name="content">The file, or its beginning.</param>
    public static string? Describe(ReadOnlySpan<byte> content)
    {
        string text = Text(content);
        return content.IsEmpty ? "it is empty; download it again"
            : text.StartsWith("version https://git-lfs", StringComparison.Ordinal) ? "it is a Git LFS pointer, which only names the file; fetch the file itself with 'git lfs pull', or download it"
            : _markup.Any(mark => text.StartsWith(mark, StringComparison.OrdinalIgnoreCase)) ? "it is a web page (HTML or XML), which a server sent in its place; download the file itself"
            : text.StartsWith('{') && text[1..].TrimStart().StartsWith("\"error\"", StringComparison.OrdinalIgnoreCase) ? $"it is a server's error message ({Quote(text)}); download the file again"
            : null;
    }

    /// <summary>The same of a file that is not text.</summary>
    public static string? DescribeBinary(ReadOnlySpan<byte> content) =>
        Describe(content) ?? (IsText(content) ? $"it is a text ({Quote(Text(content))}); download the file itself" : null);

    // A header's length, a magic number: no binary format that is read here begins with so many characters.
    private static bool IsText(ReadOnlySpan<byte> content)
    {
        const int Enough = 8;
        return content.Length >= Enough && content[..Enough].TrimEnd("\r\n"u8).IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;
    }

    private static string Text(ReadOnlySpan<byte> content) => Encoding.UTF8.GetString(content[..Math.Min(content.Length, HeadLength)]).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');

    private static string Quote(string text) => text.Length <= Quoted ? text.Trim() : text[..Quoted] + "…";
}
