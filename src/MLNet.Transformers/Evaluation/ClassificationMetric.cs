namespace MLNet.Transformers;

/// <summary>Metrics of classification and regression on validation rows. Which there are depends on the label: see each.</summary>
public enum ClassificationMetric
{
    /// <summary>Of one class of several, and of yes or no: the share of rows whose class is right; higher is better.</summary>
    Accuracy,

    /// <summary>
    /// Of one class of several, of yes or no, and of several labels: the mean over the classes of the harmonic mean of precision and recall; higher is
    /// better. Classes that neither occur nor are predicted do not count; of several labels they count as 0.
    /// </summary>
    MacroF1,

    /// <summary>Of each: the mean loss (cross entropy, or squared error) of the texts or their windows; lower is better.</summary>
    Loss,

    /// <summary>Of several labels: the harmonic mean of precision and recall over the decisions on all labels together; higher is better.</summary>
    MicroF1,

    /// <summary>Of several labels: the share of rows whose labels are all right; higher is better.</summary>
    SubsetAccuracy,

    /// <summary>Of numbers: the mean squared error; lower is better.</summary>
    MeanSquaredError,

    /// <summary>Of numbers: Pearson's correlation, -1 to 1, 0 where all predictions or labels are equal; higher is better.</summary>
    Pearson,

    /// <summary>Of numbers: Spearman's correlation of ranks, -1 to 1, 0 where all predictions or labels are equal; higher is better.</summary>
    Spearman,
}
