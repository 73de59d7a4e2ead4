using static System.FormattableString;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>
/// Looks whether answers stand in their contexts where the data says. Those that do not are counted and named: an answer that stands elsewhere, and
/// only once, is learnt where it stands; rows with others are left out.
/// </summary>
internal sealed class AnswerPlaces
{
    private readonly NamedRows _absent = new("do not occur in the context");
    private readonly NamedRows _ambiguous = new("occur several times in the context, but not where the data says");
    private readonly NamedRows _unpaired = new("have another number of starts than of texts");
    private readonly NamedRows _moved = new("occur once in the context, but elsewhere than the data says, and are learnt where they occur");

    /// <summary>What was found, as a line for the log; null: all answers stand where the data says.</summary>
    public string? Report
    {
        get
        {
            string[] parts = [.. new[] { _absent, _ambiguous, _unpaired, _moved }.Select(rows => rows.Report).OfType<string>()];
            return parts.Length == 0 ? null : $"Answers that {string.Join("; that ", parts)}.";
        }
    }

    /// <summary>Finds the first answer of a row, without the blanks around it.</summary>
    /// <param name="id">How to name the row.</param>
    /// <param name="context">The context.</param>
    /// <param name="answers">The answers, of which the first is not blank.</param>
    /// <param name="starts">Where the data says that they stand.</param>
    /// <returns>The answer's first character; null: it was not found.</returns>
    public int? Find(string id, string context, string[] answers, int[] starts)
    {
        if (answers.Length != starts.Length)
        {
            _unpaired.Add(id);
            return null;
        }
        string answer = answers[0].Trim();
        int blanks = answers[0].Length - answers[0].TrimStart().Length;
        if (IsAt(context, answer, starts[0]))
        {
            return starts[0];
        }
        if (IsAt(context, answer, starts[0] + blanks))
        {
            return starts[0] + blanks;
        }
        int first = context.IndexOf(answer, StringComparison.Ordinal);
        if (first < 0 || context.IndexOf(answer, first + 1, StringComparison.Ordinal) >= 0)
        {
            (first < 0 ? _absent : _ambiguous).Add(id);
            return null;
        }
        _moved.Add(id);
        return first;
    }

    private static bool IsAt(string context, string answer, int start) =>
        start >= 0 && start < context.Length && context.AsSpan(start).StartsWith(answer, StringComparison.Ordinal);

    /// <summary>Rows that have something in common: their number, and the names of the first.</summary>
    private sealed class NamedRows(string what)
    {
        private const int Shown = 5;

        private readonly List<string> _names = [];
        private int _count;

        public string? Report => _count == 0 ? null
            : Invariant($"{what}: {_count:N0} ({string.Join(", ", _names)}{(_count > Shown ? Invariant($" and {_count - Shown:N0} more") : "")})");

        public void Add(string name)
        {
            _count++;
            if (_names.Count < Shown)
            {
                _names.Add($"'{name}'");
            }
        }
    }
}
