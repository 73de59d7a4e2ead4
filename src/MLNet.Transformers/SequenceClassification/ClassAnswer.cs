using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using static TorchSharp.torch;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>What is predicted of a text: one class of several.</summary>
/// <param name="Class">The most probable class, from 0.</param>
/// <param name="Probabilities">Of each class.</param>
internal readonly record struct ClassAnswer(int Class, float[] Probabilities)
{
    /// <summary>What a head that gives such answers was trained for, as <see cref="ModelConfig.ProblemType"/> says it.</summary>
    public const string ProblemType = "single_label_classification";

    /// <summary>How it is read from the scores of a head.</summary>
    public static ScoreReading<LabelledSequence<int>, float[], ClassAnswer> Reading { get; } = new(
        static (output, _) => ProbabilitiesOf(output.Logits),
        static (_, probabilities) => new ClassAnswer(System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(probabilities[0]), probabilities[0]));

    // (batch, classes)
    private static float[][] ProbabilitiesOf(Tensor logits) =>
        [.. logits.to(ScalarType.Float32).softmax(-1).cpu().data<float>().ToArray().Chunk((int)logits.shape[1])];
}
