using System.Globalization;

namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>The characters of each general category, as the runtime has them: they do not depend on the culture or on ICU.</summary>
internal static class GeneralCategories
{
    // In the order of UnicodeCategory; a surrogate is none of a text's characters.
    private static readonly string[] _names =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc",
        "Sk", "So", "Cn",
    ];

    private static readonly Lazy<CodePointSet[]> _sets = new(Read);

    /// <summary>The set of a category such as "Lu", of a group of them such as "L", or of "LC"; null where there is none of the name. Case does not matter.</summary>
    public static CodePointSet? Find(string name)
    {
        if (name.Equals("LC", StringComparison.OrdinalIgnoreCase))
        {
            return Find("Lu")!.Or(Find("Ll")!).Or(Find("Lt")!);
        }
        int[] members = name.Length is 1 or 2
            ? [.. Enumerable.Range(0, _names.Length).Where(i => _names[i].StartsWith(name, StringComparison.OrdinalIgnoreCase))]
            : [];
        return members.Length == 0 ? null : members.Select(i => _sets.Value[i]).Aggregate((one, two) => one.Or(two));
    }

    private static CodePointSet[] Read()
    {
        var ranges = new List<(int First, int Last)>[_names.Length];
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = [];
        }
        for (int first = 0, last; first < CodePointSet.End; first = last + 1)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(first);
            for (last = first; last + 1 < CodePointSet.End && CharUnicodeInfo.GetUnicodeCategory(last + 1) == category;)
            {
                last++;
            }
            ranges[(int)category].Add((first, last));
        }
        return Array.ConvertAll(ranges, CodePointSet.Of);
    }
}
