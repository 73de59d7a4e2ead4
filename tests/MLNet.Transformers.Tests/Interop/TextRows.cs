using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests.Interop;

/// <summary>A row with a column of each kind that passes through.</summary>
internal sealed class TextRow
{
    public int Number { get; set; }

    public string Text { get; set; } = "";

    public string Label { get; set; } = "";

    [VectorType(3)]
    public float[] Features { get; set; } = [];

    [KeyType(7)]
    public uint Group { get; set; }
}

internal sealed class Prediction
{
    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];
}

internal static class TextRows
{
    public static readonly string[] Classes = ["apple", "banana", "cherry"];

    /// <summary>Texts of the letters a, b, c whose most frequent letter is the class.</summary>
    public static TextRow[] Make(int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            int kind = number % 3;
            string noise = new([.. Enumerable.Range(0, random.Next(6)).Select(_ => (char)('a' + random.Next(3)))]);
            return new TextRow
            {
                Number = number,
                Text = new string((char)('a' + kind), 7) + noise,
                Label = Classes[kind],
                Features = [number, number + 0.5f, -number],
                Group = (uint)(number % 7) + 1,
            };
        })];
    }

    public static IDataView View(MLContext context, int count) => context.Data.LoadFromEnumerable(Make(count));

    public static T[] Column<T>(IDataView view, string name) => [.. view.GetColumn<T>(name)];

    /// <summary>A view that records the columns asked for, and how often several cursors were.</summary>
    public sealed class Recorder(IDataView source) : IDataView
    {
        public List<string[]> Asked { get; } = [];

        public int SetsAsked { get; private set; }

        public DataViewSchema Schema => source.Schema;

        public bool CanShuffle => source.CanShuffle;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            Asked.Add([.. columnsNeeded.Select(column => column.Name)]);
            return source.GetRowCursor(columnsNeeded, rand);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        {
            SetsAsked++;
            Asked.Add([.. columnsNeeded.Select(column => column.Name)]);
            return source.GetRowCursorSet(columnsNeeded, n, rand);
        }
    }
}
