using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>Judges by the texts that the network writes, and by the loss.</summary>
/// <param name="loss">Gives the loss.</param>
/// <param name="rows">Held-out rows.</param>
/// <param name="writer">From sources to texts.</param>
/// <param name="limits">How much a batch may hold.</param>
/// <param name="deciding">The metric that decides which epoch was best; not the loss.</param>
internal sealed class WrittenValidation(
    LossValidation<SourceTarget> loss, IReadOnlyList<SourceTarget> rows, SourceWriter writer, BatchLimits limits, SequenceToSequenceMetric deciding) : IValidator
{
    public string Identity => $"{loss.Identity}|{writer.Identity}";

    public ValidationResult Judge(TaskModel network, Action checkAlive)
    {
        string[] written = Array.ConvertAll(writer.Write(network, [.. rows.Select(row => row.Tokens)], limits, checkAlive), text => text.Text);
        string[] targets = [.. rows.Select(row => row.Text)];
        Rouge rouge = Rouge.Of(written, targets);
        var metrics = new Dictionary<string, double>(loss.Judge(network, checkAlive).Metrics)
        {
            [nameof(SequenceToSequenceMetric.Bleu)] = Bleu.Of(written, targets).Score,
            [nameof(SequenceToSequenceMetric.Chrf)] = Chrf.Of(written, targets).Score,
            [nameof(SequenceToSequenceMetric.Rouge1)] = rouge.Rouge1.F1,
            [nameof(SequenceToSequenceMetric.Rouge2)] = rouge.Rouge2.F1,
            [nameof(SequenceToSequenceMetric.RougeL)] = rouge.RougeL.F1,
            [nameof(SequenceToSequenceMetric.RougeLsum)] = rouge.RougeLsum.F1,
        };
        return new ValidationResult(metrics, deciding.ToString(), HigherIsBetter: true);
    }
}
