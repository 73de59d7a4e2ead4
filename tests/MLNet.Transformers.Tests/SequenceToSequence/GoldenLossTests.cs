using System.Text.Json;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.SequenceToSequence.Layouts;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>The reference's losses, met by what is trained on.</summary>
public class GoldenLossTests
{
    [Theory]
    [InlineData("bart-seq2seq", "labels_loss")]
    [InlineData("t5-v1.0-seq2seq", "labels_loss")]
    [InlineData("t5-v1.1-seq2seq", "labels_loss")]
    [InlineData("bert2bert-seq2seq", "labels_loss")]
    [InlineData("llama-mha-causal", "labels_loss")]
    [InlineData("glm-causal", "labels_loss")]
    [InlineData("glm4-causal", "labels_loss")]
    [InlineData("chatglm2-causal", "plain")]
    [InlineData("chatglm-6b-causal", "gmask_and_mask")]
    public void The_loss_of_targets_is_the_references(string golden, string name)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Golden(golden, "expected.json")));
        JsonElement item = expected.RootElement.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        CheckpointContents contents = CheckpointContents.OfFolder(Shared.Golden(golden));
        using ITensorSource weights = contents.OpenWeights();
        ModelConfig config = contents.Config.CompletedBy(weights);
        HeadSpec head = WritingHead.Of(config, golden);
        using TaskModel network = TaskModel.Create(config, head, Placement.Cpu);
        CheckpointLoader.Load(network, weights, mayAdd: [], replace: [], seed: 0);
        network.eval();
        ITargetLayout layout = head.Kind == HeadKind.SequenceToSequence ? new SourceLayout() : new ContinuationLayout();

        LabelledBatch batch = new TargetObjective(layout, smoothing: 0).Prepare(Rows(item, config, layout is ContinuationLayout), new NetworkInputs(network), new Random(1));
        double loss = batch.Terms[0].Sum(network.forward(batch.Tokens)).item<float>() / batch.Terms[0].Weight;

        Assert.Equal(item.GetProperty("outputs").GetProperty("loss").GetProperty("data")[0].GetDouble(), loss, 2e-5);
    }

    // Of a decoder the labels are the ids again: what does not count stands in front, as a prompt does.
    private static SourceTarget[] Rows(JsonElement item, ModelConfig config, bool alone)
    {
        int[][] ids = Values("input_ids")!, labels = Values("labels")!, mask = item.GetProperty("inputs").TryGetProperty("attention_mask", out JsonElement given)
            && given.GetProperty("shape").GetArrayLength() == 2 ? Values("attention_mask")! : [.. ids.Select(row => row.Select(_ => 1).ToArray())];
        return [.. ids.Select((row, at) =>
        {
            int[] read = [.. row.Where((_, place) => mask[at][place] == 1)];
            int[] target = [.. labels[at].Where(label => label >= 0 && (!alone || label != config.PaddingId))];
            return new SourceTarget(new TokenSequence(alone ? read[..^target.Length] : read), target, "");
        })];

        int[][]? Values(string key) => [.. item.GetProperty("inputs").GetProperty(key).GetProperty("data").EnumerateArray().Select(number => number.GetInt32())
            .Chunk(item.GetProperty("inputs").GetProperty(key).GetProperty("shape")[1].GetInt32())];
    }
}
