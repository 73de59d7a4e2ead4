namespace MLNet.Transformers;

/// <summary>Metrics of classification on validation rows.</summary>
public enum ClassificationMetric
{
    /// <summary>Share of rows whose class is right; higher is better.</summary>
    Accuracy,

    /// <summary>Mean over the classes of the harmonic mean of precision and recall; higher is better. Classes that neither occur nor are predicted do not count.</summary>
    MacroF1,

    /// <summary>Mean cross entropy; lower is better.</summary>
    Loss,
}
