using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests.Interop;

public sealed class LazinessTests
{
    private const int Window = 4;

    private readonly MLContext _context = new(seed: 1);
    private readonly FakeClassifier _model;

    public LazinessTests() => _model = FakeClassifier.WithClasses(_context, TextRows.Classes);

    [Fact]
    public void Columns_that_pass_through_compute_nothing()
    {
        IDataView result = _model.Transform(TextRows.View(_context, 10));
        Assert.Equal(10, TextRows.Column<string>(result, "Text").Length);
        Assert.Equal(10, TextRows.Column<float[]>(result, "Features").Length);
        Assert.Equal((0, 0), (_model.Counts.Created, _model.Counts.Runs));
    }

    [Fact]
    public void Nothing_is_computed_until_a_value_is_read_and_then_one_window()
    {
        IDataView result = _model.Transform(TextRows.View(_context, 10));
        using DataViewRowCursor cursor = result.GetRowCursor(result.Schema);
        var score = cursor.GetGetter<VBuffer<float>>(result.Schema["Score"]);
        var label = cursor.GetGetter<uint>(result.Schema["PredictedLabel"]);
        (VBuffer<float> scores, uint predicted) = (default, 0);
        for (int row = 0; row < Window; row++)
        {
            Assert.True(cursor.MoveNext());
        }
        Assert.Equal(0, _model.Counts.Runs);
        score(ref scores);
        label(ref predicted);
        score(ref scores);
        Assert.Equal((1, 1), (_model.Counts.Runs, _model.Counts.Rows));
        Assert.True(cursor.MoveNext());
        Assert.Equal(1, _model.Counts.Runs);
        label(ref predicted);
        Assert.Equal((2, 5), (_model.Counts.Runs, _model.Counts.Rows));
    }

    [Fact]
    public void A_window_of_which_no_value_is_read_is_never_computed_and_lengthens_none()
    {
        IDataView result = _model.Transform(TextRows.View(_context, 10));
        using DataViewRowCursor cursor = result.GetRowCursor(result.Schema);
        var label = cursor.GetGetter<uint>(result.Schema["PredictedLabel"]);
        uint predicted = 0;
        while (cursor.MoveNext())
        {
            if (cursor.Position == 8)
            {
                label(ref predicted);
            }
        }
        Assert.Equal((1, 1), (_model.Counts.Runs, _model.Counts.Rows));
    }

    [Fact]
    public void The_windows_of_a_whole_pass_grow_to_their_full_length()
    {
        IDataView result = _model.Transform(TextRows.View(_context, 18));
        Assert.Equal(18, TextRows.Column<float[]>(result, "Score").Length);
        // 1, 4, 4, 4, 4 and the rest.
        Assert.Equal((6, 18), (_model.Counts.Runs, _model.Counts.Rows));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 33)]
    [InlineData(20, 33)]
    public void Who_stops_early_waits_for_few_rows_more(int asked, int computed)
    {
        using FakeClassifier model = FakeClassifier.WithWindow(_context, 512);
        IDataView rows = TextRows.View(_context, 2000);
        Assert.Equal(asked, model.Transform(rows).Preview(asked).RowView.Length);
        Assert.Equal(computed, model.Counts.Rows);
        Assert.Equal(asked, TextRows.Column<float[]>(_context.Data.TakeRows(model.Transform(rows), asked), "Score").Length);
        Assert.Equal(2 * computed, model.Counts.Rows);
        Assert.Equal(asked, TextRows.Column<float[]>(_context.Data.TakeRows(_context.Data.SkipRows(model.Transform(rows), 1500), asked), "Score").Length);
        Assert.Equal(3 * computed, model.Counts.Rows);
    }

    [Fact]
    public void Behind_MLNETs_own_transforms_the_first_row_waits_for_no_second_window()
    {
        IDataView rows = TextRows.View(_context, 5000);
        using var gate = new ManualResetEventSlim();
        bool waitedInVain = false;
        using var model = new FakeClassifier(_context, _model.Keys, 512) { BeforeRun = windows => waitedInVain |= windows == 1 && !gate.Wait(TimeSpan.FromSeconds(20)) };
        IDataView result = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Append(_context.Transforms.CopyColumns("Copy", "Score"))
            .Fit(model.Transform(_context.Data.TakeRows(rows, 1))).Transform(model.Transform(rows));

        using (DataViewRowCursor cursor = result.GetRowCursor(result.Schema))
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal((1, 1), (model.Counts.Runs, model.Counts.Rows));
            gate.Set();
        }

        Assert.False(waitedInVain);
        // What was begun may end: 1, a batch and a whole window.
        Assert.InRange(model.Counts.Rows, 1, 1 + 32 + 512);
    }

    [Fact]
    public void Behind_MLNETs_own_transforms_rows_keep_their_order()
    {
        TextRow[] rows = TextRows.Make(1000);
        using FakeClassifier model = FakeClassifier.WithWindow(_context, 64);
        IDataView scored = model.Transform(_context.Data.LoadFromEnumerable(rows));
        IDataView result = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored);

        Assert.Equal(rows.Select(row => row.Number), TextRows.Column<int>(result, "Number"));
        Assert.Equal(rows.Select(row => TextRows.Classes[FakeClassifier.ClassOf(row.Text, 3) - 1]), TextRows.Column<string>(result, "PredictedLabel"));
    }

    [Fact]
    public void The_source_is_not_read_further_than_the_window()
    {
        int read = 0;
        using FakeClassifier model = FakeClassifier.WithWindow(_context, 512);
        IDataView result = model.Transform(_context.Data.LoadFromEnumerable(TextRows.Make(600).Select(row =>
        {
            read++;
            return row;
        })));
        Assert.Single(result.Preview(1).RowView);
        Assert.InRange(read, 1, 2);
    }

    [Fact]
    public void Transform_and_GetOutputSchema_read_nothing()
    {
        var source = new TextRows.Recorder(TextRows.View(_context, 10));
        Assert.Equal(_model.GetOutputSchema(source.Schema).Select(column => column.Name), _model.Transform(source).Schema.Select(column => column.Name));
        Assert.Equal(10, _model.Transform(_context.Data.Cache(source)).GetRowCount() ?? 10);
        Assert.Empty(source.Asked);
        Assert.Equal(0, _model.Counts.Created);
    }

    [Theory]
    [InlineData("Score", "Text")]
    [InlineData("PredictedLabel", "Text")]
    [InlineData("Number", "Number")]
    [InlineData("Label,Score", "Text,Label")]
    public void Upstream_is_asked_only_for_what_is_needed(string wanted, string asked)
    {
        var source = new TextRows.Recorder(TextRows.View(_context, 10));
        IDataView result = _model.Transform(source);
        IEnumerable<DataViewSchema.Column> columns = wanted.Split(',').Select(name => result.Schema[name]);
        result.GetRowCursor(columns).Dispose();
        foreach (DataViewRowCursor cursor in result.GetRowCursorSet(columns, 2))
        {
            cursor.Dispose();
        }
        Assert.Equal([asked.Split(','), asked.Split(',')], source.Asked);
    }

    [Fact]
    public void Two_transformers_in_a_row_serve_the_same_rows()
    {
        using var second = new FakeClassifier(_context, _model.Keys, Window, suffix: "2");
        IDataView result = second.Transform(_model.Transform(TextRows.View(_context, 10)));
        Assert.Equal(TextRows.Column<float[]>(result, "Score"), TextRows.Column<float[]>(result, "Score2"));
        Assert.Equal(10, TextRows.Column<float[]>(result, "Score2").Length);
    }

    [Fact]
    public void A_cursor_frees_its_batch_once()
    {
        IDataView result = _model.Transform(TextRows.View(_context, 10));
        DataViewRowCursor cursor = result.GetRowCursor(result.Schema);
        Assert.True(cursor.MoveNext());
        cursor.Dispose();
        cursor.Dispose();
        Assert.False(cursor.MoveNext());
        Assert.Equal((1, 1), (_model.Counts.Created, _model.Counts.Disposed));
    }

    [Fact]
    public void A_failure_surfaces_where_a_value_is_read_and_repeats_the_same()
    {
        TextRow[] rows = TextRows.Make(10);
        rows[5].Text = FakeClassifier.Bad;
        IDataView result = _model.Transform(_context.Data.LoadFromEnumerable(rows));
        using DataViewRowCursor cursor = result.GetRowCursor(result.Schema);
        var label = cursor.GetGetter<uint>(result.Schema["PredictedLabel"]);
        uint predicted = 0;
        for (int row = 0; row < 5; row++)
        {
            Assert.True(cursor.MoveNext());
            label(ref predicted);
        }
        for (int row = 5; row < 9; row++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal("The text is bad.", Assert.Throws<InvalidDataException>(() => label(ref predicted)).Message);
        }
        Assert.Equal(3, _model.Counts.Runs);
        Assert.True(cursor.MoveNext());
        label(ref predicted);
        Assert.Equal(FakeClassifier.ClassOf(rows[9].Text, 3), predicted);
    }

    [Fact]
    public void A_failure_of_the_source_loses_no_other_row()
    {
        IDataView source = _context.Data.FilterByCustomPredicate<TextRow>(
            TextRows.View(_context, 10), row => row.Number == 6 ? throw new InvalidDataException("The row is bad.") : false);
        IDataView result = _model.Transform(source);
        using DataViewRowCursor cursor = result.GetRowCursor(result.Schema);
        var number = cursor.GetGetter<int>(result.Schema["Number"]);
        var score = cursor.GetGetter<VBuffer<float>>(result.Schema["Score"]);
        (int failures, int value, VBuffer<float> scores, List<int> numbers) = (0, 0, default, []);
        while (Move())
        {
            number(ref value);
            score(ref scores);
            Assert.Equal(FakeClassifier.ScoresOf(TextRows.Make(10)[value].Text, 3), scores.DenseValues());
            numbers.Add(value);
        }
        Assert.Equal(1, failures);
        Assert.Equal(Enumerable.Range(0, 10).Except([6]), numbers);

        bool Move()
        {
            try
            {
                return cursor.MoveNext();
            }
            catch (InvalidDataException)
            {
                failures++;
                return cursor.MoveNext();
            }
        }
    }

    [Fact]
    public void A_cancelled_context_ends_a_pass()
    {
        IDataView result = _model.Transform(TextRows.View(_context, 10));
        using DataViewRowCursor cursor = result.GetRowCursor(result.Schema);
        Assert.True(cursor.MoveNext());
        // Internal in ML.NET, where experiments of AutoML use it.
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(_context, null);
        Assert.Throws<OperationCanceledException>(() =>
        {
            while (cursor.MoveNext())
            {
            }
        });
        Assert.Equal(0, cursor.Position);
    }
}
