using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.TokenClassification;

/// <summary>What validation rows say of predicted tags.</summary>
internal static class TokenMetrics
{
    /// <param name="labels">The tags.</param>
    /// <param name="rows">The tags of each row's words, and those predicted.</param>
    /// <param name="scheme">How the tags write entities; null: in no scheme, and accuracy stands for F1.</param>
    /// <param name="loss">The mean loss.</param>
    /// <param name="deciding">The metric that decides which epoch was best.</param>
    public static ValidationResult Of(
        IReadOnlyList<string> labels, IReadOnlyList<(int[] Gold, int[] Predicted)> rows, TagScheme? scheme, double loss, TokenClassificationMetric deciding)
    {
        var known = rows.SelectMany(row => row.Gold.Zip(row.Predicted)).Where(pair => pair.First != LossTerm.Ignored).ToList();
        var metrics = new Dictionary<string, double>
        {
            [nameof(TokenClassificationMetric.Accuracy)] = known.Count == 0 ? 0 : (double)known.Count(pair => pair.First == pair.Second) / known.Count,
            [nameof(TokenClassificationMetric.Loss)] = loss,
        };
        if (scheme is not null)
        {
            // The default mode does not know BILOU's letters, the strict one no others.
            metrics[nameof(TokenClassificationMetric.EntityF1)] = EntityMetrics.Of(
                [.. rows.Select(row => Names(row.Gold, row.Gold))], [.. rows.Select(row => Names(row.Predicted, row.Gold))], scheme == TagScheme.Bilou ? scheme : null).Micro.F1;
        }
        else if (deciding == TokenClassificationMetric.EntityF1)
        {
            deciding = TokenClassificationMetric.Accuracy;
        }
        return new ValidationResult(metrics, deciding.ToString(), deciding != TokenClassificationMetric.Loss);

        // Words whose tag is not known are left out on both sides, as in the reference's example (run_ner).
        string[] Names(int[] tags, int[] gold) =>
            [.. tags.Where((_, word) => gold[word] != LossTerm.Ignored).Select(tag => tag >= 0 && tag < labels.Count && (scheme != TagScheme.Bilou || TagName.HasPrefix(labels[tag])) ? labels[tag] : TagName.Outside)];
    }
}
