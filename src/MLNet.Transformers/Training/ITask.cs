using MLNet.Transformers.Models;
using static TorchSharp.torch;

namespace MLNet.Transformers.Training;

/// <summary>What a head's scores mean: how they are learnt, judged and read. Knows no architecture.</summary>
/// <typeparam name="TTarget">What is to be learnt of a row.</typeparam>
/// <typeparam name="TAnswer">What is predicted of a row.</typeparam>
internal interface ITask<TTarget, TAnswer>
{
    HeadKind Head { get; }

    /// <summary>What the summed loss of these targets is to be divided by to be their mean.</summary>
    double Weight(IEnumerable<TTarget> targets);

    /// <summary>The loss summed over the rows, a scalar.</summary>
    Tensor SummedLoss(HeadOutput output, IReadOnlyList<TTarget> targets);

    /// <summary>Reads the scores of a batch.</summary>
    TAnswer[] Answers(HeadOutput output);

    /// <summary>Judges the answers of all validation rows at once.</summary>
    ValidationResult Judge(IReadOnlyList<TTarget> targets, IReadOnlyList<TAnswer> answers, double loss);
}

/// <summary>Metrics on the validation rows and the one of them that decides which epoch was best.</summary>
/// <param name="Metrics">All metrics by name.</param>
/// <param name="Deciding">Name of the deciding one.</param>
/// <param name="HigherIsBetter">Its direction.</param>
internal sealed record ValidationResult(IReadOnlyDictionary<string, double> Metrics, string Deciding, bool HigherIsBetter)
{
    public double Score => HigherIsBetter ? Metrics[Deciding] : -Metrics[Deciding];
}
