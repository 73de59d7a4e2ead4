using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests.Interop;

public sealed class EngineDisposalTests
{
    private static readonly TextRow _row = new() { Text = "bbb" };

    private readonly MLContext _context = new(seed: 1);
    private readonly FakeClassifier _model;

    public EngineDisposalTests() => _model = FakeClassifier.WithClasses(_context, TextRows.Classes);

    [Fact]
    public void The_last_engine_takes_its_batch_along_and_says_so_when_it_is_used_again()
    {
        PredictionEngine<TextRow, Prediction> engine = Engine(_model);
        engine.Predict(_row);
        engine.Dispose();
        Assert.Equal((1, 1), (_model.Counts.Created, _model.Counts.Disposed));
        Assert.Contains(nameof(FakeClassifier), Assert.Throws<ObjectDisposedException>(() => engine.Predict(_row)).Message);
    }

    [Fact]
    public void An_engine_takes_nothing_from_another()
    {
        PredictionEngine<TextRow, Prediction> first = Engine(_model), second = Engine(_model);
        first.Dispose();
        Assert.Equal(2u, second.Predict(_row).PredictedLabel);
        Assert.Equal(0, _model.Counts.Disposed);
        second.Dispose();
        Assert.Equal(2, _model.Counts.Disposed);
        Assert.Throws<ObjectDisposedException>(() => first.Predict(_row));
        Assert.Throws<ObjectDisposedException>(() => second.Predict(_row));
    }

    [Fact]
    public void Engines_over_one_chain_take_nothing_from_each_other()
    {
        ITransformer chain = Chains.WithNames(_context, _model, TextRows.View(_context, 10));
        var first = _context.Model.CreatePredictionEngine<TextRow, NamedPrediction>(chain);
        using var second = _context.Model.CreatePredictionEngine<TextRow, NamedPrediction>(chain);
        first.Dispose();
        Assert.Equal("banana", second.Predict(_row).PredictedLabel);
    }

    [Fact]
    public void A_disposed_transformer_says_so_by_name()
    {
        IDataView data = TextRows.View(_context, 3);
        _model.Dispose();
        _model.Dispose();
        Assert.Contains(nameof(FakeClassifier), Assert.Throws<ObjectDisposedException>(() => _model.Transform(data)).Message);
        Assert.Contains(nameof(FakeClassifier), Assert.Throws<ObjectDisposedException>(() => Engine(_model)).Message);
        Assert.Contains(nameof(FakeClassifier), Assert.Throws<ObjectDisposedException>(
            () => _context.Model.Save(_model, data.Schema, Stream.Null)).Message);
    }

    [Fact]
    public void A_collected_engine_is_not_counted()
    {
        Abandon(_model);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        PredictionEngine<TextRow, Prediction> engine = Engine(_model);
        engine.Dispose();
        Assert.Equal((2, 1), (_model.Counts.Created, _model.Counts.Disposed));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private void Abandon(ITransformer model) => Engine(model).Predict(_row);

    private PredictionEngine<TextRow, Prediction> Engine(ITransformer model) => _context.Model.CreatePredictionEngine<TextRow, Prediction>(model);
}
