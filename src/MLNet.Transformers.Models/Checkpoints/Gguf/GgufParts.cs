using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>The names of a file in parts, as llama.cpp's llama-gguf-split gives them: NAME-00001-of-00003.gguf and on.</summary>
internal static partial class GgufParts
{
    /// <summary>All parts of the file that a path is a part of, in their order; the path alone where its name is not a part's.</summary>
    public static IReadOnlyList<string> NamesOf(string path)
    {
        Match match = PartName().Match(path);
        return match.Success
            ? [.. Enumerable.Range(1, int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture)).Select(part => $"{match.Groups["name"]}-{part:00000}-of-{match.Groups["count"]}.gguf")]
            : [path];
    }

    [GeneratedRegex(@"^(?<name>.*)-[0-9]{5}-of-(?<count>[0-9]{5})\.gguf$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex PartName();
}
