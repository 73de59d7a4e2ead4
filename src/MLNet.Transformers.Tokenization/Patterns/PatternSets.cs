using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>
/// The sets of characters of one pattern. While it is read each is one private character, since only when all are known it is clear which characters
/// beyond U+FFFF are told apart; nothing else in a pattern of .NET that we write is beyond ASCII.
/// </summary>
internal sealed class PatternSets
{
    private const char FirstMark = '\uE000';
    private const int MostSets = 0x1900;

    private readonly List<CodePointSet> _sets = [];

    /// <summary>What stands for a set until <see cref="Complete"/>.</summary>
    public string Write(CodePointSet set)
    {
        int known = _sets.FindIndex(other => other.Bounds.SequenceEqual(set.Bounds));
        if (known < 0)
        {
            known = _sets.Count < MostSets ? _sets.Count : throw new ArgumentException($"the pattern has more than {MostSets} sets of characters");
            _sets.Add(set);
        }
        return ((char)(FirstMark + known)).ToString();
    }

    /// <summary>The pattern with its sets as classes of .NET.</summary>
    public (string Pattern, SupplementaryUnits Units) Complete(StringBuilder written)
    {
        var units = new SupplementaryUnits(_sets);
        string[] classes = [.. _sets.Select(units.Class)];
        var pattern = new StringBuilder(written.Length);
        foreach (char unit in written.ToString())
        {
            if (unit >= FirstMark && unit < FirstMark + classes.Length)
            {
                pattern.Append(classes[unit - FirstMark]);
            }
            else
            {
                pattern.Append(unit);
            }
        }
        return (pattern.ToString(), units);
    }
}
