using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.Oracle;

/// <summary>Tokenizers of published and golden tokenizer.json files beside Hugging Face's own library on random texts: ids, and the texts that ids are decoded to.</summary>
public class OracleTests
{
    private const int Texts = 3000;

    public static IEnumerable<TheoryDataRow<string>> Files =>
    [
        .. Directory.GetDirectories(Shared.Golden("tokenizers")).Order(StringComparer.Ordinal)
            .Select(folder => new TheoryDataRow<string>(Path.GetRelativePath(Shared.RepositoryRoot, folder))),
        .. ((string[])["vocab/roberta-bart", "vocab/llama3", "vocab/t5", "vocab/chatglm-tokenizer-json", "SmolLM2-135M-Instruct", "all-MiniLM-L6-v2", "bart-multi30k-tiny", "t5-multi30k-tiny"])
            .Select(folder => new TheoryDataRow<string>($"../shared/weights/{folder}")),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Random_texts_have_the_ids_of_the_reference(string folder)
    {
        string path = Path.Combine(Shared.RepositoryRoot, folder, "tokenizer.json");
        Assert.SkipUnless(File.Exists(path) || !folder.StartsWith("..", StringComparison.Ordinal), Shared.Missing);
        JsonObject file = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        string[] tokens = [.. (file["added_tokens"]?.AsArray() ?? []).Select(token => (string)token!["content"]!)];
        foreach (bool special in (bool[])[true, false])
        {
            Compare(file, special, HostileTexts.Make(special ? 1 : 2, Texts, tokens));
        }
    }

    [Fact]
    public void Tokenizers_put_together_at_random_have_the_ids_of_the_reference()
    {
        for (int number = 0; number < RandomComponentsTests.Count; number++)
        {
            JsonObject file = RandomComponentsTests.TokenizerJson(number);
            string[] tokens = [.. (file["added_tokens"]?.AsArray() ?? []).Select(token => (string)token!["content"]!)];
            Compare(file, special: number % 2 == 0, HostileTexts.Make(number, 200, tokens));
        }
    }

    /// <summary>Compares ids, and the texts that they are decoded to.</summary>
    /// <param name="file">A tokenizer.json.</param>
    /// <param name="special">Whether special tokens are put around texts.</param>
    /// <param name="texts">The texts.</param>
    internal static void Compare(JsonObject file, bool special, IEnumerable<string> texts)
    {
        using var oracle = ReferenceTokenizer.Open(file, special);
        var tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = Encoding.UTF8.GetBytes(file.ToJsonString()) });
        // The library's Strip ends the process where a token is shorter than what may be stripped behind it (tokenizers 0.22.2, decoders/strip.rs), and
        // added tokens that are looked for in normalized text are decoded as normalized since 0.23 only, which is what ours follows.
        bool decodes = !Regex.IsMatch(file["decoder"]?.ToJsonString() ?? "", "\"stop\":[1-9]")
            && (file["normalizer"] is null || (file["added_tokens"]?.AsArray() ?? []).All(token => !(bool)token!["normalized"]!));
        foreach (string text in texts)
        {
            int[] expected = oracle.Encode(text);
            int[] ids = tokenizer.Encode(text, null, new EncodeOptions { AddSpecialTokens = special }).Ids;
            Assert.True(expected.AsSpan().SequenceEqual(ids), $"{Escape(text)}: {Show(tokenizer, expected)} expected, {Show(tokenizer, ids)} found");
            if (decodes)
            {
                Assert.Equal(oracle.Decode(ids), tokenizer.Decode(ids, skipSpecialTokens: true, cleanUp: false));
            }
        }
    }

    private static string Show(TextEncoder tokenizer, int[] ids) => string.Join(' ', ids.Select(id => $"{id}:{Escape(tokenizer.IdToToken(id) ?? "?")}"));

    private static string Escape(string text) => string.Concat(text.Select(unit => unit is >= ' ' and <= '~' ? unit.ToString() : $"\\u{(int)unit:X4}"));
}
