using System.Text;
using System.Text.Json.Nodes;
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
            using var oracle = ReferenceTokenizer.Open(file, special);
            var tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = Encoding.UTF8.GetBytes(file.ToJsonString()) });
            foreach (string text in HostileTexts.Make(special ? 1 : 2, Texts, tokens))
            {
                int[] expected = oracle.Encode(text);
                int[] ids = tokenizer.Encode(text, null, new EncodeOptions { AddSpecialTokens = special }).Ids;
                Assert.True(expected.AsSpan().SequenceEqual(ids), $"{Escape(text)}: {Show(tokenizer, expected)} expected, {Show(tokenizer, ids)} found");
            }
        }
    }

    private static string Show(TextEncoder tokenizer, int[] ids) => string.Join(' ', ids.Select(id => $"{id}:{Escape(tokenizer.IdToToken(id) ?? "?")}"));

    private static string Escape(string text) => string.Concat(text.Select(unit => unit is >= ' ' and <= '~' ? unit.ToString() : $"\\u{(int)unit:X4}"));
}
