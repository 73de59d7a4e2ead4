using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests.Interop;

public sealed class PredictionEngineTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly FakeClassifier _model;

    public PredictionEngineTests() => _model = FakeClassifier.WithClasses(_context, TextRows.Classes);

    [Fact]
    public void An_engine_gives_what_a_view_gives()
    {
        TextRow[] rows = TextRows.Make(20);
        float[][] expected = TextRows.Column<float[]>(_model.Transform(_context.Data.LoadFromEnumerable(rows)), "Score");
        using PredictionEngine<TextRow, Prediction> engine = Engine(_model);
        for (int row = 0; row < rows.Length; row++)
        {
            Prediction prediction = engine.Predict(rows[row]);
            Assert.Equal(expected[row], prediction.Score);
            Assert.Equal(FakeClassifier.ClassOf(rows[row].Text, 3), prediction.PredictedLabel);
        }
    }

    [Fact]
    public void An_engine_computes_once_a_row()
    {
        using PredictionEngine<TextRow, Prediction> engine = Engine(_model);
        var prediction = new Prediction();
        foreach (TextRow row in TextRows.Make(5))
        {
            engine.Predict(row, ref prediction);
        }
        Assert.Equal((1, 5, 5), (_model.Counts.Created, _model.Counts.Runs, _model.Counts.Rows));
    }

    [Fact]
    public void An_engine_that_asks_for_no_added_column_computes_nothing()
    {
        using var engine = _context.Model.CreatePredictionEngine<TextRow, TextOnly>(_model, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.Equal("abc", engine.Predict(new TextRow { Text = "abc" }).Text);
        Assert.Equal(0, _model.Counts.Runs);
    }

    [Fact]
    public void The_same_row_twice_and_a_row_after_a_failure_are_computed_anew()
    {
        using PredictionEngine<TextRow, Prediction> engine = Engine(_model);
        Assert.Equal(1u, engine.Predict(new TextRow { Text = "aaa" }).PredictedLabel);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("The text is bad.", Assert.Throws<InvalidDataException>(() => engine.Predict(new TextRow { Text = FakeClassifier.Bad })).Message);
        }
        Assert.Equal(2u, engine.Predict(new TextRow { Text = "bbb" }).PredictedLabel);
        Assert.Equal(2u, engine.Predict(new TextRow { Text = "bbb" }).PredictedLabel);
    }

    [Fact]
    public void Engines_on_several_threads_do_not_disturb_each_other()
    {
        TextRow[] rows = TextRows.Make(200);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using PredictionEngine<TextRow, Prediction> engine = Engine(_model);
            foreach (TextRow row in rows)
            {
                Assert.Equal(FakeClassifier.ScoresOf(row.Text, 3), engine.Predict(row).Score);
            }
        });
        Assert.Equal((8, 1600), (_model.Counts.Created, _model.Counts.Runs));
    }

    [Fact]
    public void A_row_frees_its_batch_once()
    {
        IDataView data = TextRows.View(_context, 3);
        IRowToRowMapper mapper = ((ITransformer)_model).GetRowToRowMapper(data.Schema);
        DataViewRow row = mapper.GetRow(data.GetRowCursor(data.Schema), mapper.OutputSchema);
        row.GetGetter<uint>(mapper.OutputSchema["PredictedLabel"]);
        row.GetGetter<VBuffer<float>>(mapper.OutputSchema["Score"]);
        row.Dispose();
        row.Dispose();
        Assert.Equal((1, 1), (_model.Counts.Created, _model.Counts.Disposed));
    }

    // ML.NET's engines do not dispose the row that they read: where they do not own the model, its batch is freed by the collector.
    [Fact]
    public void An_engine_that_is_gone_leaves_nothing_behind()
    {
        WeakReference batch = UseAnEngine(_model);
        Collect(batch);
        Assert.False(batch.IsAlive);
        Assert.Equal((1, 0), (_model.Counts.Created, _model.Counts.Disposed));

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference UseAnEngine(FakeClassifier model)
        {
            using PredictionEngine<TextRow, Prediction> engine = Engine(model);
            engine.Predict(new TextRow { Text = "aaa" });
            return new WeakReference(model.LastBatch!.Target);
        }
    }

    [Fact]
    public void An_engine_disposes_the_model_and_its_batch_only_if_it_owns_the_model()
    {
        Engine(_model).Dispose();
        Assert.False(_model.IsDisposed);
        var second = FakeClassifier.WithClasses(_context, TextRows.Classes);
        PredictionEngine<TextRow, Prediction> engine = OwningEngine(second);
        engine.Dispose();
        engine.Dispose();
        Assert.True(second.IsDisposed);
        Assert.Equal((1, 1), (second.Counts.Created, second.Counts.Disposed));
        Assert.Contains(nameof(FakeClassifier), Assert.Throws<ObjectDisposedException>(() => engine.Predict(new TextRow())).Message);
    }

    [Fact]
    public void An_engine_that_was_disposed_and_collected_does_not_count_twice()
    {
        var engines = new PredictionEngine<TextRow, Prediction>?[3];
        Make(engines);
        engines[0]!.Dispose();
        WeakReference first = Forget(engines);
        Collect(first);
        Assert.False(first.IsAlive);
        engines[1]!.Dispose();
        Assert.Equal(2u, engines[2]!.Predict(new TextRow { Text = "bbb" }).PredictedLabel);
        engines[2]!.Dispose();
        Assert.Throws<ObjectDisposedException>(() => engines[2]!.Predict(new TextRow()));

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Make(PredictionEngine<TextRow, Prediction>?[] engines)
        {
            for (int i = 0; i < engines.Length; i++)
            {
                engines[i] = OwningEngine(_model);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Forget(PredictionEngine<TextRow, Prediction>?[] engines)
        {
            var reference = new WeakReference(engines[0]);
            engines[0] = null;
            return reference;
        }
    }

    [Fact]
    public void An_engine_over_a_chain_maps_keys_to_values()
    {
        ITransformer chain = Chains.WithNames(_context, _model, TextRows.View(_context, 10));
        using var engine = _context.Model.CreatePredictionEngine<TextRow, NamedPrediction>(chain, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.Equal("cherry", engine.Predict(new TextRow { Text = "ccc" }).PredictedLabel);
        Assert.Equal("banana", engine.Predict(new TextRow { Text = "bbb" }).PredictedLabel);
    }

    [Fact]
    public void A_mapper_asks_upstream_only_for_what_is_needed()
    {
        IRowToRowMapper mapper = ((ITransformer)_model).GetRowToRowMapper(TextRows.View(_context, 1).Schema);
        Assert.Equal(["Text"], Names(mapper, "Score"));
        Assert.Equal(["Text", "Label"], Names(mapper, "Label", "PredictedLabel"));
        Assert.Equal(["Number"], Names(mapper, "Number"));

        static IEnumerable<string> Names(IRowToRowMapper mapper, params string[] columns) =>
            mapper.GetDependencies(columns.Select(name => mapper.OutputSchema[name])).Select(column => column.Name);
    }

    private static void Collect(WeakReference target)
    {
        for (int i = 0; i < 10 && target.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private PredictionEngine<TextRow, Prediction> OwningEngine(ITransformer model) =>
        _context.Model.CreatePredictionEngine<TextRow, Prediction>(model);

    private PredictionEngine<TextRow, Prediction> Engine(ITransformer model) =>
        _context.Model.CreatePredictionEngine<TextRow, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });

    private sealed class TextOnly
    {
        public string Text { get; set; } = "";
    }
}
