using System.Text.Json.Nodes;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>A random text with what the reference makes of it.</summary>
internal static class RandomCase
{
    public static void Check(TextEncoder tokenizer, JsonNode expected)
    {
        string text = (string)expected["text"]!;
        string pair = (string?)expected["pair"] ?? "";
        TokenEncoding encoding = tokenizer.Encode(text, pair, new EncodeOptions { AddSpecialTokens = (bool)expected["special"]! });

        Assert.Equal(Ints(expected["ids"]!), encoding.Ids);
        Assert.Equal(Ints(expected["types"]!), encoding.TypeIds);
        Assert.Equal(Ints(expected["mask"]!), encoding.SpecialTokensMask);
        Assert.Equal(Ints(expected["words"]!), encoding.WordIds.Select(word => word ?? -1));
        Assert.Equal(Ints(expected["seq"]!), encoding.SequenceIds.Select(sequence => sequence ?? -1));
        Assert.Equal(
            expected["offsets"]!.AsArray().Select(span => ((int)span![0]!, (int)span[1]!)),
            encoding.Offsets.Select((span, i) => InCodePoints(encoding.SequenceIds[i] == 1 ? pair : text, span)));
        Assert.Equal((string)expected["dec"]!, tokenizer.Decode(encoding.Ids, skipSpecialTokens: false, cleanUp: false));
        Assert.Equal((string)expected["skip"]!, tokenizer.Decode(encoding.Ids, skipSpecialTokens: true, cleanUp: false));
    }

    private static int[] Ints(JsonNode list) => [.. list.AsArray().Select(item => (int)item!)];

    private static (int, int) InCodePoints(string text, TextSpan span) =>
        (text[..span.Start].EnumerateRunes().Count(), text[..span.End].EnumerateRunes().Count());
}
