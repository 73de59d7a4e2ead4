namespace MLNet.Transformers;

/// <summary>Metrics of token classification on validation rows.</summary>
public enum TokenClassificationMetric
{
    /// <summary>F1 of entities, type and both ends right, over all types together (seqeval's default); higher is better. Where the tags have no prefixes: <see cref="Accuracy"/>.</summary>
    EntityF1,

    /// <summary>Share of words whose tag is right; higher is better.</summary>
    Accuracy,

    /// <summary>Mean cross entropy; lower is better.</summary>
    Loss,
}
