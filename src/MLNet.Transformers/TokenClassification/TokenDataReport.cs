using System.Globalization;
using System.Text;

namespace MLNet.Transformers;

/// <summary>What <see cref="TransformersCatalog.CheckTokenData"/> found; <see cref="object.ToString"/> writes it as a page to read.</summary>
/// <param name="TrainingRows">Number of training rows.</param>
/// <param name="TestRows">Number of test rows; null where there are none to look at.</param>
/// <param name="TagCounts">How many words of the training rows have each tag, the most frequent first.</param>
/// <param name="EntityCounts">How many entities of each type the training rows have, the most frequent first.</param>
/// <param name="Scheme">The scheme that the tags are read in; null: not all have a prefix, so they are of none; neighbours of one tag are an entity of that type.</param>
/// <param name="Problems">All that is worth a look, by kind, training rows first.</param>
public sealed record TokenDataReport(
    long TrainingRows, long? TestRows, IReadOnlyDictionary<string, long> TagCounts, IReadOnlyDictionary<string, long> EntityCounts, TagScheme? Scheme,
    IReadOnlyList<TokenDataProblem> Problems)
{
    private const int Shown = 5;

    /// <summary>Whether a training would refuse the rows: lengths differ, spans are misaligned or tags broken.</summary>
    public bool HasErrors => Problems.Any(problem =>
        problem.Kind is TokenDataProblemKind.LengthMismatch or TokenDataProblemKind.MisalignedSpan or TokenDataProblemKind.BrokenTags);

    /// <summary>The counts, and of each kind of problem how many there are and the first five.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"{TrainingRows:N0} training rows{(TestRows is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {TestRows:N0} test rows"))}; tags {(Scheme is null ? "of no scheme" : $"in {Scheme}")}");
        WriteCounts("words by tag", TagCounts);
        WriteCounts("entities by type", EntityCounts);
        foreach (IGrouping<TokenDataProblemKind, TokenDataProblem> kind in Problems.GroupBy(problem => problem.Kind))
        {
            Line($"{kind.Key}: {kind.Count():N0}");
            foreach (TokenDataProblem problem in kind.Take(Shown))
            {
                Line($"  {(problem.Row == 0 ? "" : $"{(problem.IsTest ? "test" : "training")} row {problem.Row}: ")}{problem.Message}");
            }
            if (kind.Count() > Shown)
            {
                Line($"  and {kind.Count() - Shown:N0} more");
            }
        }
        return text.Append(Problems.Count == 0 ? "nothing to mend" : "").ToString().TrimEnd('\n');

        void WriteCounts(string what, IReadOnlyDictionary<string, long> counts)
        {
            Line($"{what}: {(counts.Count == 0 ? "none" : string.Join(", ", counts.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Key} {item.Value:N0}"))))}");
        }
    }
}
