using MLNet.Transformers.Models;

namespace MLNet.Transformers;

/// <summary>The head that a training needs.</summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Labels">Its classes, in the order of the data's; null where it has none.</param>
/// <param name="ProblemType">What it is trained for, as <see cref="ModelConfig.ProblemType"/>; null where that is not said, and any head of the kind serves.</param>
/// <param name="Source">What becomes of a head that the checkpoint has.</param>
internal sealed record HeadRequest(HeadKind Kind, IReadOnlyList<string>? Labels = null, string? ProblemType = null, HeadSource Source = HeadSource.Auto);
