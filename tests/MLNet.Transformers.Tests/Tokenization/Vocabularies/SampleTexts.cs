using System.IO.Compression;
using System.Text.Json.Nodes;
using MLNet.Transformers.Tests.Tokenization.Oracle;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.Vocabularies;

/// <summary>Texts that vocabularies are trained on, and what each has to do.</summary>
internal static class SampleTexts
{
    /// <summary>Two languages and some characters that are rare.</summary>
    public static string[] Few { get; } =
    [
        .. Enumerable.Range(0, 40).SelectMany(number => (string[])
        [
            $"The quick brown fox, number {number}, jumps over {number % 7} lazy dogs; it doesn't look back.",
            "Newer and lower prices are the newest and the lowest.", "\u8fd9\u672c\u4e66\u5f88\u597d\uff0c\u6211\u5f88\u559c\u6b22\u8fd9\u672c\u4e66\u3002", "Stra\u00DFe na\u00EFve caf\u00E9",
        ]),
    ];

    public static string[] Lines(params string[] path)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        string file = Shared.Path(path);
        using Stream stream = File.OpenRead(file);
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }

    public static double TokensPerCharacter(TextEncoder tokenizer, string[] texts) =>
        texts.Sum(text => tokenizer.Encode(text, null, SmallTokenizers.Plain).Length) / (double)texts.Sum(text => text.Length);

    /// <summary>Compares with the reference's library, which opens the tokenizer.json, and with the tokenizer as it comes back from a folder.</summary>
    public static void CompareWithReference(TextEncoder tokenizer)
    {
        JsonObject file = JsonNode.Parse(tokenizer.Files["tokenizer.json"])!.AsObject();
        string[] tokens = [.. file["added_tokens"]!.AsArray().Select(token => (string)token!["content"]!)];
        foreach (bool special in (bool[])[true, false])
        {
            OracleTests.Compare(file, special, Few.Take(4).Concat(HostileTexts.Make(special ? 3 : 4, 1000, tokens)));
        }
    }

    /// <summary>The pieces of a tokenizer's model.</summary>
    public static string[] Pieces(TextEncoder tokenizer) => [.. Enumerable.Range(0, tokenizer.MaxId + 1).Select(id => tokenizer.IdToToken(id)!)];
}
