using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests.Interop;

public sealed class CursorTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly FakeClassifier _model;

    public CursorTests() => _model = FakeClassifier.WithClasses(_context, TextRows.Classes);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(23)]
    public void Rows_keep_their_order(int count)
    {
        TextRow[] rows = TextRows.Make(count);
        IDataView result = _model.Transform(_context.Data.LoadFromEnumerable(rows));
        Assert.Equal(rows.Select(row => row.Text), TextRows.Column<string>(result, "Text"));
        Assert.Equal(rows.Select(row => FakeClassifier.ClassOf(row.Text, 3)), TextRows.Column<uint>(result, "PredictedLabel"));
        Assert.Equal(rows.Select(row => FakeClassifier.ScoresOf(row.Text, 3)), TextRows.Column<float[]>(result, "Score"));
    }

    [Fact]
    public void Columns_that_pass_through_stay_in_step()
    {
        TextRow[] rows = TextRows.Make(23);
        IDataView source = _context.Data.LoadFromEnumerable(rows);
        IDataView result = _model.Transform(source);
        var read = new List<(int, string, uint, string, uint)>();
        using DataViewRowCursor cursor = result.GetRowCursor(result.Schema);
        var number = cursor.GetGetter<int>(result.Schema["Number"]);
        var text = cursor.GetGetter<ReadOnlyMemory<char>>(result.Schema["Text"]);
        var group = cursor.GetGetter<uint>(result.Schema["Group"]);
        var features = cursor.GetGetter<VBuffer<float>>(result.Schema["Features"]);
        var predicted = cursor.GetGetter<uint>(result.Schema["PredictedLabel"]);
        (int n, ReadOnlyMemory<char> t, uint g, VBuffer<float> f, uint p) = (0, default, 0, default, 0);
        Assert.Equal(-1, cursor.Position);
        while (cursor.MoveNext())
        {
            Assert.Equal(read.Count, cursor.Position);
            number(ref n);
            predicted(ref p);
            text(ref t);
            group(ref g);
            features(ref f);
            read.Add((n, t.ToString(), g, string.Join(' ', f.DenseValues()), p));
        }
        Assert.Equal(-1, cursor.Position);
        Assert.False(cursor.MoveNext());
        uint[] groups = TextRows.Column<uint>(source, "Group");
        Assert.Equal(
            rows.Select(row => (row.Number, row.Text, groups[row.Number], string.Join(' ', row.Features), FakeClassifier.ClassOf(row.Text, 3))), read);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ids_are_those_of_the_source(bool outputs)
    {
        IDataView source = TextRows.View(_context, 11);
        IDataView result = _model.Transform(source);
        Assert.Equal(Ids(source, ["Text"]), Ids(result, outputs ? ["Score"] : ["Text"]));
    }

    [Fact]
    public void Batches_are_those_that_are_computed_and_of_the_source_where_nothing_is()
    {
        var source = new NumberedBatches(TextRows.View(_context, 11));
        using FakeClassifier model = FakeClassifier.WithWindow(_context, 64);
        // The first row, a batch of four, and batches of four in one window.
        Assert.Equal([0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3], Batches(model.Transform(source), "Score"));
        Assert.Equal(Enumerable.Range(0, 11).Select(i => (long)i / 2), Batches(_model.Transform(source), "Text"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cursor_that_cannot_be_made_frees_what_was_made_for_it(bool batchIsThere)
    {
        var source = new NumberedBatches(TextRows.View(_context, 4));
        var failure = new InvalidOperationException("Not today.");
        using var model = new FakeClassifier(_context, _model.Keys) { Failures = batchIsThere ? (null, failure) : (failure, null) };
        IDataView result = model.Transform(source);

        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => result.GetRowCursor(result.Schema)));
        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => result.GetRowCursorSet(result.Schema, 2)));

        Assert.Equal((2, 2), (source.Opened, source.Closed));
        Assert.Equal(model.Counts.Created, model.Counts.Disposed);
    }

    [Theory]
    [InlineData("Score")]
    [InlineData("Text")]
    public void A_cursor_closes_that_of_its_source(string column)
    {
        var source = new NumberedBatches(TextRows.View(_context, 11));
        IDataView result = _model.Transform(source);
        DataViewRowCursor cursor = result.GetRowCursor([result.Schema[column]]);
        Assert.True(cursor.MoveNext());

        cursor.Dispose();

        Assert.Equal((1, 1), (source.Opened, source.Closed));
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void A_column_that_passes_through_beside_none_of_ours_is_refused_by_name_in_another_type()
    {
        IDataView result = _model.Transform(TextRows.View(_context, 6));
        using DataViewRowCursor cursor = result.GetRowCursor([result.Schema["Text"]]);

        Assert.Contains("'Score'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(result.Schema["Score"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shuffled_cursor_keeps_rows_in_step()
    {
        TextRow[] rows = TextRows.Make(40);
        IDataView result = _model.Transform(_context.Data.Cache(_context.Data.LoadFromEnumerable(rows)));
        Assert.True(result.CanShuffle);
        using DataViewRowCursor cursor = result.GetRowCursor(result.Schema, new Random(3));
        var number = cursor.GetGetter<int>(result.Schema["Number"]);
        var score = cursor.GetGetter<VBuffer<float>>(result.Schema["Score"]);
        (int n, VBuffer<float> s, List<int> order) = (0, default, []);
        while (cursor.MoveNext())
        {
            number(ref n);
            score(ref s);
            order.Add(n);
            Assert.Equal(FakeClassifier.ScoresOf(rows[n].Text, 3), s.DenseValues());
        }
        Assert.NotEqual(Enumerable.Range(0, 40), order);
        Assert.Equal(Enumerable.Range(0, 40), order.Order());
    }

    [Fact]
    public void Skipping_taking_shuffling_caching_and_splitting_keep_rows_in_step()
    {
        TextRow[] rows = TextRows.Make(40);
        IDataView result = _model.Transform(_context.Data.LoadFromEnumerable(rows));
        DataOperationsCatalog data = _context.Data;
        DataOperationsCatalog.TrainTestData split = data.TrainTestSplit(result, 0.25, seed: 2);
        foreach (IDataView view in new[] { data.TakeRows(data.SkipRows(result, 6), 9), data.ShuffleRows(result, 4), data.Cache(result), split.TrainSet, split.TestSet })
        {
            int[] numbers = TextRows.Column<int>(view, "Number");
            Assert.NotEmpty(numbers);
            Assert.Equal(numbers.Select(n => FakeClassifier.ScoresOf(rows[n].Text, 3)), TextRows.Column<float[]>(view, "Score"));
        }
        Assert.Equal(Enumerable.Range(6, 9), TextRows.Column<int>(data.TakeRows(data.SkipRows(result, 6), 9), "Number"));
    }

    [Fact]
    public void Only_one_cursor_computes()
    {
        var source = new TextRows.Recorder(TextRows.View(_context, 40));
        IDataView result = _model.Transform(source);
        // The others have no rows.
        DataViewRowCursor[] cursors = result.GetRowCursorSet([result.Schema["Score"]], 4);
        Assert.Equal([40, 0], cursors.Select(Rows));
        Assert.Equal(1, _model.Counts.Created);
        Assert.Single(result.GetRowCursorSet([result.Schema["Score"]], 1)).Dispose();
        Assert.Equal(0, source.SetsAsked);
        foreach (DataViewRowCursor cursor in result.GetRowCursorSet([result.Schema["Text"]], 4))
        {
            cursor.Dispose();
        }
        Assert.Equal(1, source.SetsAsked);
    }

    [Fact]
    public void What_is_served_is_a_copy()
    {
        IDataView result = _model.Transform(TextRows.View(_context, 6));
        using DataViewRowCursor cursor = result.GetRowCursor(result.Schema);
        Assert.True(cursor.MoveNext());
        Assert.True(cursor.MoveNext());
        foreach (string name in new[] { "Features", "Score" })
        {
            var getter = cursor.GetGetter<VBuffer<float>>(result.Schema[name]);
            VBuffer<float> first = default;
            getter(ref first);
            float[] expected = [.. first.DenseValues()];
            VBufferEditor<float> editor = VBufferEditor.CreateFromBuffer(ref first);
            editor.Values.Fill(77);
            VBuffer<float> second = default;
            getter(ref second);
            Assert.Equal(expected, second.DenseValues());
        }
    }

    [Fact]
    public void A_column_that_was_not_asked_for_or_of_another_type_is_refused_by_name()
    {
        IDataView result = _model.Transform(TextRows.View(_context, 6));
        using DataViewRowCursor cursor = result.GetRowCursor([result.Schema["Score"]]);
        Assert.True(cursor.IsColumnActive(result.Schema["Score"]));
        Assert.False(cursor.IsColumnActive(result.Schema["Text"]));
        Assert.Contains("'PredictedLabel'", Assert.Throws<InvalidOperationException>(
            () => cursor.GetGetter<uint>(result.Schema["PredictedLabel"])).Message);
        Assert.Contains("'Number'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(result.Schema["Number"])).Message);
        string message = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(result.Schema["Score"])).Message;
        Assert.Contains("'Score'", message);
        Assert.Contains("Vector<Single, 3>", message);
    }

    [Theory]
    [InlineData("Score")]
    [InlineData("Features")]
    public void A_getter_serves_nothing_where_the_cursor_stands_at_no_row(string column)
    {
        IDataView result = _model.Transform(TextRows.View(_context, 6));
        using DataViewRowCursor cursor = result.GetRowCursor([result.Schema["Score"], result.Schema["Features"]]);
        var getter = cursor.GetGetter<VBuffer<float>>(result.Schema[column]);
        var id = cursor.GetIdGetter();
        Refused();
        while (cursor.MoveNext())
        {
        }
        Refused();
        Assert.Equal(0, _model.Counts.Runs);

        void Refused()
        {
            VBuffer<float> value = default;
            DataViewRowId row = default;
            Assert.Contains("MoveNext", Assert.Throws<InvalidOperationException>(() => getter(ref value)).Message);
            Assert.Contains("MoveNext", Assert.Throws<InvalidOperationException>(() => id(ref row)).Message);
        }
    }

    private static int Rows(DataViewRowCursor cursor)
    {
        int rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
        }
        cursor.Dispose();
        return rows;
    }

    private static DataViewRowId[] Ids(IDataView view, string[] columns)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(columns.Select(name => view.Schema[name]));
        ValueGetter<DataViewRowId> getter = cursor.GetIdGetter();
        var ids = new List<DataViewRowId>();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getter(ref id);
            ids.Add(id);
        }
        return [.. ids];
    }

    private static long[] Batches(IDataView view, string column)
    {
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema[column]]);
        ValueGetter<VBuffer<float>>? scores = column == "Score" ? cursor.GetGetter<VBuffer<float>>(view.Schema[column]) : null;
        VBuffer<float> value = default;
        var batches = new List<long>();
        while (cursor.MoveNext())
        {
            scores?.Invoke(ref value);
            batches.Add(cursor.Batch);
        }
        return [.. batches];
    }
}
