using System.Numerics.Tensors;
using MLNet.Transformers.Batching;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>What is predicted of a text.</summary>
/// <param name="Logits">The head's scores; of a text in several windows those of all of them together.</param>
/// <param name="Scores">What the problem makes of them: probabilities, or numbers.</param>
internal readonly record struct SequenceAnswer(float[] Logits, float[] Scores)
{
    /// <summary>How it is read from the scores of a head.</summary>
    /// <param name="problem">What the head was trained for.</param>
    /// <param name="pooling">How the scores of several windows become those of their text.</param>
    public static ScoreReading<LabelledSequence<float>, float[], SequenceAnswer> Reading(SequenceProblem problem, LongTexts pooling) => new(
        static (output, _) => Rows(output.Logits),
        (_, windows) =>
        {
            float[] logits = windows.Count == 1 ? windows[0] : Pooled(windows, pooling);
            return new SequenceAnswer(logits, problem.Scores(logits));
        });

    /// <summary>The rows of a matrix, (rows, values), as float32.</summary>
    public static float[][] Rows(Tensor matrix) => [.. matrix.to(ScalarType.Float32).cpu().data<float>().ToArray().Chunk((int)matrix.shape[1])];

    private static float[] Pooled(IReadOnlyList<float[]> windows, LongTexts pooling)
    {
        var pooled = (float[])windows[0].Clone();
        foreach (float[] window in windows.Skip(1))
        {
            if (pooling == LongTexts.MaxOfWindows)
            {
                TensorPrimitives.Max<float>(pooled, window, pooled);
            }
            else
            {
                TensorPrimitives.Add<float>(pooled, window, pooled);
            }
        }
        if (pooling == LongTexts.MeanOfWindows)
        {
            TensorPrimitives.Divide(pooled, windows.Count, pooled);
        }
        return pooled;
    }
}
