using System.Text.Json;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.SequenceToSequence.Layouts;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>What a GLM of 2022 is given for a source and a target, beside what its published tokenizer makes of them.</summary>
public class PublishedBlankTests
{
    [Fact]
    public void Sources_and_targets_are_laid_out_as_published()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Path("weights", "vocab", "glm-chinese"));
        ModelConfig config = Networks.Config("glm of 2022", ("vocab_size", tokenizer.MaxId + 1), ("pad_token_id", tokenizer.PadTokenId!.Value), ("max_sequence_length", 64));
        HeadSpec head = WritingHead.Of(config, "");
        using TaskModel network = Networks.Create(config, head.Kind);
        ITargetLayout layout = ITargetLayout.Of(head, tokenizer);
        var sources = new SourceEncoder(tokenizer, config, new SourceForm(null, null, false, null), head.Blank, beginId: 0, maxTokens: 32);
        var targets = new TargetEncoder(tokenizer, config, head, TargetEnd.Of(tokenizer, head, new SourceForm(null, null, false, null), new GenerationOptions()), 16);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("weights", "vocab", "expected", "glm-chinese-inputs.json")));
        var inputs = new NetworkInputs(network);
        int compared = 0;
        foreach (JsonElement item in expected.RootElement.GetProperty("generation").EnumerateArray().Where(item => item.TryGetProperty("text", out _)))
        {
            string text = item.GetProperty("text").GetString()!;
            int[] source = sources.Encode(new TextRow(text, null));
            if (item.TryGetProperty("targets", out JsonElement target))
            {
                (TokenBatch batch, Tensor labels) = layout.Learn([new(new TokenSequence(source), targets.Encode(target[0].GetString()!), "")], inputs);
                Assert.Equal(Numbers(item.GetProperty("input_ids")), Networks.Values(batch.Ids));
                Assert.Equal(Numbers(item.GetProperty("position_ids")), Networks.Values(batch.Positions!));
                Assert.Equal(Numbers(item.GetProperty("attention_mask")), Networks.Values(batch.Mask!));
                Assert.Equal(Numbers(item.GetProperty("labels")), Networks.Values(labels));
            }
            else
            {
                Assert.Equal(Numbers(item.GetProperty("ids")), source.Select(id => (float)id));
                Assert.Equal(Numbers(item.GetProperty("input_ids")), Networks.Values(layout.Prompt([source], inputs).Ids));
                // A text without a blank is gone on with.
                Assert.Equal(text.EndsWith("[gMASK]", StringComparison.Ordinal), source.SequenceEqual(sources.Encode(new TextRow(text.Replace("[gMASK]", "", StringComparison.Ordinal), null))) && !text.Contains("[MASK]", StringComparison.Ordinal));
            }
            compared++;
        }
        Assert.Equal(6, compared);
    }

    private static float[] Numbers(JsonElement values) => values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray().SelectMany(Numbers)] : [values.GetSingle()];
}
