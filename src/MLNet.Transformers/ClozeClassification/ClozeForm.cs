using System.Text.RegularExpressions;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.ClozeClassification;

/// <summary>A pattern, and what stands for each class behind it or in its blank (Schick and Schütze 2021: pattern and verbalizer).</summary>
internal sealed partial record ClozeForm(string Pattern, IReadOnlyList<ClozeChoice> Choices, double LengthPenalty) : ISourceForm
{
    public static ClozeForm Of(string? pattern, string? pairColumn, IReadOnlyList<ClozeChoice> choices, double lengthPenalty) =>
        new(pattern ?? (pairColumn is null ? "{text}" : "{text} {pair}"), choices, lengthPenalty);

    public void Validate(bool pairs)
    {
        foreach (string place in pairs ? (string[])["{text}", "{pair}"] : ["{text}"])
        {
            if (!Pattern.Contains(place, StringComparison.Ordinal))
            {
                throw new ArgumentException($"{nameof(Pattern)} is '{Pattern}'; it must have {place} where that text is to stand.");
            }
        }
        Check.Between(LengthPenalty, 0, double.MaxValue, nameof(LengthPenalty));
        foreach (ClozeChoice choice in Choices)
        {
            if (choice is null || string.IsNullOrEmpty(choice.Label) || string.IsNullOrWhiteSpace(choice.Text))
            {
                throw new ArgumentException($"{nameof(Choices)} holds {choice?.ToString() ?? "null"}; each class needs a label and a text.");
            }
            if (Choices.Count(other => other.Label == choice.Label) > 1)
            {
                throw new ArgumentException($"{nameof(Choices)} holds the label '{choice.Label}' twice.");
            }
        }
        if (Choices.Count == 1)
        {
            throw new ArgumentException($"{nameof(Choices)} holds '{Choices[0].Label}' alone; classification needs at least two.");
        }
    }

    /// <summary>The text that is read.</summary>
    public string Text(TextRow row) => Places().Replace(Pattern, place => place.Value == "{text}" ? row.Text : row.Pair ?? "");

    /// <summary>The verbalizers of a key's values, in their order.</summary>
    /// <exception cref="ArgumentException">A class has none, or there is one of no class.</exception>
    public ClozeForm InOrder(IReadOnlyList<string> labels, string column)
    {
        if (Choices.Count == 0)
        {
            return this with { Choices = [.. labels.Select(label => new ClozeChoice(label, label))] };
        }
        if (labels.FirstOrDefault(label => Choices.All(choice => choice.Label != label)) is { } missing)
        {
            throw new ArgumentException($"{nameof(Choices)} has no text for the label '{missing}' of the column '{column}'; it has {Quoted(Choices.Select(choice => choice.Label))}.");
        }
        if (Choices.FirstOrDefault(choice => !labels.Contains(choice.Label)) is { } unknown)
        {
            throw new ArgumentException($"{nameof(Choices)} names the label '{unknown.Label}', which the column '{column}' does not have; it has {Quoted(labels)}.");
        }
        return this with { Choices = [.. labels.Select(label => Choices.First(choice => choice.Label == label))] };
    }

    private static string Quoted(IEnumerable<string> labels) => string.Join(", ", labels.Select(label => $"'{label}'"));

    [GeneratedRegex(@"\{(text|pair)\}")]
    private static partial Regex Places();
}
