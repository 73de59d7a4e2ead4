using MLNet.Transformers.Batching;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.SentenceSimilarity;

/// <summary>The squared error of the cosine of two texts' vectors (Reimers and Gurevych 2019, §3, regression objective).</summary>
/// <param name="pooling">How a text's vector is made.</param>
internal sealed class CosineObjective(EmbeddingPooling pooling) : IObjective<TextPair>
{
    public string Identity => $"cosine|{pooling}";

    public LabelledBatch Prepare(IReadOnlyList<TextPair> features, NetworkInputs inputs, Random random)
    {
        Tensor targets = tensor([.. features.Select(pair => pair.Similarity)], device: inputs.Network.Device);
        return new LabelledBatch(
            TextPair.Pad(features, inputs),
            [new LossTerm(features.Count, output => nn.functional.mse_loss(TextPair.Cosines(output, features, pooling), targets, nn.Reduction.Sum))]);
    }
}
