using MLNet.Transformers.Training;

namespace MLNet.Transformers.Evaluation;

/// <summary>From metrics to a result that decides which epoch was best.</summary>
internal static class MetricSelection
{
    public static ValidationResult With(this IReadOnlyDictionary<ClassificationMetric, double> metrics, double loss, ClassificationMetric deciding) => new(
        metrics.Append(new(ClassificationMetric.Loss, loss)).ToDictionary(metric => metric.Key.ToString(), metric => metric.Value),
        deciding.ToString(), deciding is not (ClassificationMetric.Loss or ClassificationMetric.MeanSquaredError));
}
