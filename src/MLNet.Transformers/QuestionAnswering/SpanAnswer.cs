using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>What is predicted of a question.</summary>
/// <param name="Text">The answer; empty: there is none.</param>
/// <param name="Start">Its first character in the context, or -1.</param>
/// <param name="Probability">Of the answer, or of there being none.</param>
/// <param name="NullScore">By how much the score of no answer exceeds that of the best answer.</param>
/// <param name="Top">The best answers, the best first.</param>
internal sealed record SpanAnswer(string Text, int Start, float Probability, float NullScore, IReadOnlyList<RankedAnswer> Top);

/// <summary>One of the best answers.</summary>
internal readonly record struct RankedAnswer(string Text, int Start, float Probability);

/// <summary>A stretch of the context with the sum of the scores of its first and last token.</summary>
internal readonly record struct ScoredSpan(TextSpan Place, float Score);

/// <summary>What is read of a window: the score of no answer, and the best answers, the best first.</summary>
internal readonly record struct WindowAnswers(float NullScore, ScoredSpan[] Best);
