using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Sixty tokenizers put together at random from all components, with what the reference makes of random texts (random-components.json).</summary>
public class RandomComponentsTests
{
    private static readonly JsonObject _file = JsonNode.Parse(File.ReadAllText(
        Path.Combine(Shared.RepositoryRoot, "tests", "MLNet.Transformers.Tests", "Tokenization", "random-components.json")))!.AsObject();

    public static int Count => _file["tokenizers"]!.AsArray().Count;

    public static IEnumerable<TheoryDataRow<int>> Numbers => Enumerable.Range(0, Count).Select(number => new TheoryDataRow<int>(number));

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Any_mix_of_components_gives_what_the_reference_gives(int number)
    {
        JsonNode expected = _file["tokenizers"]![number]!;
        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = JsonSerializer.SerializeToUtf8Bytes(TokenizerJson(number)) });

        Assert.All(expected["cases"]!.AsArray(), item => RandomCase.Check(tokenizer, item!));
    }

    /// <summary>A tokenizer.json.</summary>
    internal static JsonObject TokenizerJson(int number)
    {
        JsonNode expected = _file["tokenizers"]![number]!;
        var file = new JsonObject
        {
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece", ["unk_token"] = "[UNK]", ["max_input_chars_per_word"] = expected["max_input_chars_per_word"]!.DeepClone(),
                ["vocab"] = _file["vocab"]!.DeepClone(),
            },
        };
        foreach (string part in (string[])["added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder"])
        {
            file[part] = expected[part]?.DeepClone();
        }
        return file;
    }
}
