using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>BPE tokenizers of random vocabularies and components, with what the reference makes of random texts (random-bpe.json).</summary>
public class RandomBpeTests
{
    private static readonly JsonArray _tokenizers = JsonNode.Parse(File.ReadAllText(
        Path.Combine(Shared.RepositoryRoot, "tests", "MLNet.Transformers.Tests", "Tokenization", "random-bpe.json")))!["tokenizers"]!.AsArray();

    public static IEnumerable<TheoryDataRow<int>> Numbers => Enumerable.Range(0, _tokenizers.Count).Select(number => new TheoryDataRow<int>(number));

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Any_vocabulary_with_any_components_gives_what_the_reference_gives(int number)
    {
        JsonNode expected = _tokenizers[number]!;
        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = Encoding.UTF8.GetBytes(expected["file"]!.ToJsonString()) });

        Assert.All(expected["cases"]!.AsArray(), item => RandomCase.Check(tokenizer, item!));
        // Once more, now that words are known.
        Assert.All(expected["cases"]!.AsArray(), item => RandomCase.Check(tokenizer, item!));
    }
}
