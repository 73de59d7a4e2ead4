using System.Globalization;
using System.Text;

namespace MLNet.Transformers.Evaluation;

/// <summary>The aligned table that results write themselves as: a name a row, numbers below their headings.</summary>
internal sealed class FigureTable(params string[] headings)
{
    private readonly List<string[]> _rows = [["", .. headings]];

    public FigureTable Add(string name, params string[] cells)
    {
        _rows.Add([name, .. cells]);
        return this;
    }

    public FigureTable Add(string name, PrecisionRecall figures) =>
        Add(name, Share(figures.Precision), Share(figures.Recall), Share(figures.F1), Count(figures.Support));

    /// <summary>A number between 0 and 1, or -1 and 1.</summary>
    public static string Share(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>A number between 0 and 100.</summary>
    public static string Points(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, _rows.Max(row => row.Length)).Select(column => _rows.Max(row => column < row.Length ? row[column].Length : 0))];
        var text = new StringBuilder();
        foreach (string[] row in _rows.Where(row => row.Any(cell => cell.Length > 0)))
        {
            IEnumerable<string> cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            text.Append(text.Length == 0 ? "" : "\n").Append(string.Join("  ", cells).TrimEnd());
        }
        return text.ToString();
    }
}
