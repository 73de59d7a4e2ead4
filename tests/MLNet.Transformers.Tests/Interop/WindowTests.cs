using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

public sealed class WindowTests
{
    private const int Window = 8;

    private readonly MLContext _context = new(seed: 1);
    private readonly FakeClassifier _model;

    public WindowTests() => _model = FakeClassifier.WithWindow(_context, Window);

    [Fact]
    public void A_window_of_large_values_ends_early()
    {
        const int rows = 8;
        var pixels = new float[WindowCursor.MostBytes / sizeof(float) / 2];
        IDataView view = _context.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Picture { Text = "aab", Pixels = pixels }));
        IDataView result = _model.Transform(view);

        Assert.Equal(rows, Read(result, result.Schema["Score"]));
        // 1 and the rest.
        Assert.Equal((2, rows), (_model.Counts.Runs, _model.Counts.Rows));

        Assert.Equal(rows, Read(result, result.Schema["Score"], result.Schema["Pixels"]));
        // 1, then never more than two.
        Assert.Equal((2 + 5, 2 * rows), (_model.Counts.Runs, _model.Counts.Rows));
    }

    [Fact]
    public void A_failure_tells_which_rows_were_computed()
    {
        TextRow[] rows = TextRows.Make(20);
        rows[11].Text = FakeClassifier.Bad;
        IDataView result = _model.Transform(_context.Data.LoadFromEnumerable(rows));
        var error = Assert.Throws<InvalidDataException>(() => Read(result, result.Schema["Score"]));
        Assert.Equal("9 to 16", error.Data[WindowCursor.FailedRows]);
    }

    [Fact]
    public void What_was_read_stays_with_the_reader()
    {
        IDataView result = _model.Transform(TextRows.View(_context, 2 * Window + 1));
        using DataViewRowCursor cursor = result.GetRowCursor(result.Schema);
        var features = cursor.GetGetter<VBuffer<float>>(result.Schema["Features"]);
        var score = cursor.GetGetter<VBuffer<float>>(result.Schema["Score"]);
        Assert.True(cursor.MoveNext());
        (VBuffer<float> mine, VBuffer<float> again, VBuffer<float> scores) = (default, default, default);
        features(ref mine);
        score(ref scores);
        float[] before = [.. scores.DenseValues()];
        VBufferEditor.CreateFromBuffer(ref mine).Values.Fill(-1);
        VBufferEditor.CreateFromBuffer(ref scores).Values.Fill(-1);
        features(ref again);
        Assert.Equal([0, 0.5f, 0], again.DenseValues());
        VBuffer<float> scoresAgain = default;
        score(ref scoresAgain);
        Assert.Equal(before, scoresAgain.DenseValues());
    }

    private static int Read(IDataView view, params DataViewSchema.Column[] columns)
    {
        int rows = 0;
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        ValueGetter<VBuffer<float>>[] getters = [.. columns.Select(column => cursor.GetGetter<VBuffer<float>>(column))];
        VBuffer<float> value = default;
        while (cursor.MoveNext())
        {
            foreach (ValueGetter<VBuffer<float>> getter in getters)
            {
                getter(ref value);
            }
            rows++;
        }
        return rows;
    }

    private sealed class Picture
    {
        public string Text { get; set; } = "";

        public float[] Pixels { get; set; } = [];
    }
}
