using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>One class of several per row: targets are class numbers, answers probabilities.</summary>
/// <param name="classWeights">Weight of each class in the loss, or null.</param>
/// <param name="smoothing">Label smoothing.</param>
/// <param name="metric">The deciding metric on validation rows.</param>
internal sealed class SequenceClassificationTask(float[]? classWeights, double smoothing, ClassificationMetric metric) : ITask<int, float[]>
{
    public HeadKind Head => HeadKind.SequenceClassification;

    public double Weight(IEnumerable<int> targets) =>
        classWeights is null ? targets.Count() : targets.Sum(target => (double)classWeights[target]);

    public Tensor SummedLoss(HeadOutput output, IReadOnlyList<int> targets)
    {
        Device device = output.Logits.device;
        Tensor numbers = tensor([.. targets.Select(target => (long)target)], device: device);
        Tensor? weights = classWeights is null ? null : tensor(classWeights, device: device);
        return Losses.CrossEntropy(output.Logits, numbers, weights, smoothing, nn.Reduction.Sum);
    }

    public float[][] Answers(HeadOutput output)
    {
        // (batch, classes)
        Tensor probabilities = output.Logits.to(ScalarType.Float32).softmax(-1).cpu();
        return [.. probabilities.data<float>().ToArray().Chunk((int)probabilities.shape[1])];
    }

    public ValidationResult Judge(IReadOnlyList<int> targets, IReadOnlyList<float[]> answers, double loss)
    {
        int classes = answers.Count == 0 ? 0 : answers[0].Length;
        var (right, predicted, actual) = (new int[classes], new int[classes], new int[classes]);
        for (int row = 0; row < targets.Count; row++)
        {
            int answer = Argmax(answers[row]);
            predicted[answer]++;
            actual[targets[row]]++;
            right[answer] += answer == targets[row] ? 1 : 0;
        }
        var metrics = new Dictionary<string, double>
        {
            [nameof(ClassificationMetric.Accuracy)] = (double)right.Sum() / targets.Count,
            [nameof(ClassificationMetric.MacroF1)] = Enumerable.Range(0, classes).Where(c => predicted[c] + actual[c] > 0)
                .Select(c => 2.0 * right[c] / (predicted[c] + actual[c])).DefaultIfEmpty(0).Average(),
            [nameof(ClassificationMetric.Loss)] = loss,
        };
        return new ValidationResult(metrics, metric.ToString(), metric != ClassificationMetric.Loss);
    }

    public static int Argmax(ReadOnlySpan<float> scores) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(scores);
}
