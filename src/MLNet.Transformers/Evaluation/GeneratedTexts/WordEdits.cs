using System.Diagnostics;

namespace MLNet.Transformers.Evaluation;

/// <summary>
/// The fewest words to insert, delete and replace so that a text becomes its reference, looked for in a band around the diagonal as sacreBLEU does
/// (lib_ter.py), so that very unequal texts cost as much as there.
/// </summary>
/// <param name="reference">The reference's words as numbers.</param>
/// <param name="length">The number of the text's words, the same in every call.</param>
internal sealed class WordEdits(int[] reference, int length)
{
    private const int BandWidth = 25;
    private const int Unreached = int.MaxValue / 2;

    private readonly (int Cost, Edit Last)[][] _rows = MakeRows(reference.Length, length);
    private int[] _computed = [];

    private enum Edit : byte
    {
        None,
        Keep,
        Replace,
        Insert,
        Delete,
    }

    /// <summary>The number of edits. What a text has in common with the one before at its beginning is not computed again.</summary>
    public int Count(int[] words)
    {
        double ratio = length == 0 ? 1 : (double)reference.Length / length;
        int band = ratio / 2 > BandWidth ? (int)Math.Ceiling((ratio / 2) + BandWidth) : BandWidth;
        for (int i = words.AsSpan().CommonPrefixLength(_computed) + 1; i <= length; i++)
        {
            int diagonal = (int)Math.Floor(i * ratio);
            int end = i == length ? reference.Length + 1 : Math.Min(reference.Length + 1, diagonal + band);
            Fill(i, words[i - 1], Math.Max(0, diagonal - band), end);
        }
        _computed = words;
        return _rows[length][reference.Length].Cost;
    }

    /// <summary>How the text that was counted last lies beside the reference.</summary>
    public WordAlignment Alignment()
    {
        var alignment = new WordAlignment(new int[reference.Length], new bool[length], new bool[reference.Length]);
        for (int i = length, j = reference.Length; i > 0 || j > 0;)
        {
            Edit edit = _rows[i][j].Last;
            (i, j) = edit switch
            {
                Edit.Keep or Edit.Replace => (i - 1, j - 1),
                Edit.Insert => (i, j - 1),
                Edit.Delete => (i - 1, j),
                _ => throw new UnreachableException(),
            };
            if (edit != Edit.Delete)
            {
                // Where a word of the reference was inserted, it lies at the word before.
                alignment.Places[j] = edit == Edit.Insert ? i - 1 : i;
                alignment.ReferenceErrors[j] = edit != Edit.Keep;
            }
            if (edit != Edit.Insert)
            {
                alignment.Errors[i] = edit != Edit.Keep;
            }
        }
        return alignment;
    }

    private void Fill(int i, int word, int start, int end)
    {
        ((int Cost, Edit Last)[] row, (int Cost, Edit Last)[] above) = (_rows[i], _rows[i - 1]);
        Array.Fill(row, (Unreached, Edit.None));
        for (int j = start; j < end; j++)
        {
            if (j == 0)
            {
                row[0] = (above[0].Cost + 1, Edit.Delete);
                continue;
            }
            bool same = word == reference[j - 1];
            Offer(ref row[j], above[j - 1].Cost + (same ? 0 : 1), same ? Edit.Keep : Edit.Replace);
            Offer(ref row[j], above[j].Cost + 1, Edit.Delete);
            Offer(ref row[j], row[j - 1].Cost + 1, Edit.Insert);
        }
    }

    // Of equal costs the first that is offered stays: it decides how the texts are aligned.
    private static void Offer(ref (int Cost, Edit Last) cell, int cost, Edit edit)
    {
        if (cost < cell.Cost)
        {
            cell = (cost, edit);
        }
    }

    private static (int Cost, Edit Last)[][] MakeRows(int columns, int length)
    {
        var rows = new (int, Edit)[length + 1][];
        for (int i = 0; i <= length; i++)
        {
            rows[i] = new (int, Edit)[columns + 1];
        }
        for (int j = 0; j <= columns; j++)
        {
            rows[0][j] = (j, Edit.Insert);
        }
        return rows;
    }
}

/// <summary>How a text lies beside its reference.</summary>
/// <param name="Places">Of each word of the reference, the text's word that it lies at; -1: before the first.</param>
/// <param name="Errors">Which words of the text are wrong.</param>
/// <param name="ReferenceErrors">Which words of the reference are not met.</param>
internal sealed record WordAlignment(int[] Places, bool[] Errors, bool[] ReferenceErrors);
