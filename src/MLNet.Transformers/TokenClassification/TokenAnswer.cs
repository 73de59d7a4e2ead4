using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.TokenClassification;

/// <summary>What is predicted of a text.</summary>
/// <param name="Tags">Number of each word's tag.</param>
/// <param name="Scores">Its probability.</param>
/// <param name="Words">Where the words stand.</param>
/// <param name="Entities">What the text names, in its order.</param>
internal sealed record TokenAnswer(int[] Tags, float[] Scores, TextSpan[] Words, IReadOnlyList<Entity> Entities);
