using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Parity.Checkpoints;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Checkpoints.Gguf;

/// <summary>Published files say "no such token" with a number that is no token's.</summary>
public sealed class GgufSpecialTokensTests : IDisposable
{
    private static readonly string[] _pieces = ["<unk>", "<s>", "</s>", "▁", "a", "▁a"];
    private static readonly int[] _kinds = [2, 3, 3, 1, 1, 1];
    private static readonly string[] _roles = ["bos", "eos", "unknown", "seperator", "padding", "cls", "mask", "eot", "eom"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, object> Nones
    {
        get
        {
            var cases = new TheoryData<string, object>();
            foreach (string role in _roles)
            {
                cases.Add(role, uint.MaxValue);
                cases.Add(role, (uint)_pieces.Length);
                cases.Add(role, -1);
                cases.Add(role, ulong.MaxValue);
            }
            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Nones))]
    public void A_number_that_is_no_tokens_is_said_in_the_log_and_is_the_default(string role, object number)
    {
        string path = Write(role, number);
        Checkpoint checkpoint = Checkpoint.FromFile(path);

        var log = new List<string>();
        using TaskModel model = NetworkLoader.Apply(checkpoint, HeadKind.CausalLanguageModel, log.Add);

        Assert.Single(log, line => line.Contains($"'{path}': the metadata 'tokenizer.ggml.{role}_token_id' is ", StringComparison.Ordinal));
        Assert.Equal([1, 5], checkpoint.Tokenizer.Encode("a").Ids);
        Assert.Equal((1, 2, 0), (checkpoint.Tokenizer.BeginTokenId, checkpoint.Tokenizer.EndTokenId, checkpoint.Tokenizer.UnknownTokenId));
        Assert.Null(checkpoint.Tokenizer.PadTokenId);
        Assert.Equal([2], checkpoint.ReadGenerationOptions().EosIds!);
        Assert.Null(checkpoint.ReadGenerationOptions().PadId);
    }

    [Fact]
    public void A_byte_level_tokenizer_has_no_default()
    {
        using GgufContents file = GgufContents.Open(_folder.Write("a.gguf", new GgufBytes().With("tokenizer.ggml.model", "gpt2")
            .With("tokenizer.ggml.tokens", new[] { "a", "b" }).With("tokenizer.ggml.merges", Array.Empty<string>())
            .With("tokenizer.ggml.bos_token_id", 1u).With("tokenizer.ggml.eos_token_id", 2u).ToArray()));

        JsonNode config = JsonNode.Parse(GgufTokenizer.Files(file.Metadata)["tokenizer_config.json"])!;

        Assert.Equal("b", config["bos_token"]!.GetValue<string>());
        Assert.Null(config["eos_token"]);
        Assert.Equal("is 2, the number of none of its 2 tokens; there is none.", Assert.Single(GgufSpecialTokens.Read(file.Metadata, 2).Warnings).Split("eos_token_id' ")[1]);
    }

    private string Write(string role, object number)
    {
        (string Role, object Id)[] ids = [("bos", 1u), ("eos", 2u), ("unknown", 0u)];
        GgufBytes bytes = new GgufBytes().With("general.architecture", "llama").With("llama.block_count", 1u).With("llama.context_length", 16u)
            .With("llama.embedding_length", 4u).With("llama.attention.head_count", 1u).With("llama.feed_forward_length", 4u)
            .With("llama.attention.layer_norm_rms_epsilon", 1e-5f).With("tokenizer.ggml.model", "llama").With("tokenizer.ggml.tokens", _pieces)
            .With("tokenizer.ggml.token_type", _kinds).With("tokenizer.ggml.scores", new float[] { 0, 0, 0, -1, -2, -3 })
            .With($"tokenizer.ggml.{role}_token_id", number);
        bytes = ids.Where(item => item.Role != role).Aggregate(bytes, (all, item) => all.With($"tokenizer.ggml.{item.Role}_token_id", item.Id));
        return _folder.Write("a.gguf", GgufPartsTests.WithTensors(bytes, GgufPartsTests.Tensors).ToArray());
    }
}
