using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>This library: Transform over a data view, and a loop of PredictionEngine.Predict.</summary>
internal sealed class OurPipeline : IContender
{
    private readonly MLContext _ml = new(1);
    private readonly SequenceClassificationTransformer _model;
    private readonly PredictionEngine<Input, Output> _engine;
    private readonly Precision _precision;

    /// <param name="checkpoint">The network's body; it gets a fresh head of two classes.</param>
    /// <param name="maxTokens">Longer texts are cut.</param>
    /// <param name="precision">Number format.</param>
    public OurPipeline(Checkpoint checkpoint, int maxTokens, Precision precision)
    {
        _precision = precision;
        Input[] rows = [new() { Text = "good", Label = "a" }, new() { Text = "bad", Label = "b" }];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        var options = new SequenceClassificationOptions { Epochs = 1, BatchSize = 32, MaxTokens = maxTokens, LearningRate = 1e-9, Precision = precision };
        _model = _ml.Transformers().SequenceClassification(checkpoint, options).Fit(keyed);
        _engine = NewEngine();
    }

    public string Name => $"MLNet.Transformers, {_precision}";

    public void Batched(IReadOnlyList<string> texts) => Scores(texts);

    public void Single(IReadOnlyList<string> texts)
    {
        foreach (string text in texts)
        {
            _engine.Predict(new Input { Text = text });
        }
    }

    public IDisposable Asking(out Action<string> ask)
    {
        PredictionEngine<Input, Output> engine = NewEngine();
        ask = text => engine.Predict(new Input { Text = text });
        return engine;
    }

    /// <summary>Largest difference between the scores of both ways.</summary>
    public float Difference(IReadOnlyList<string> texts) => Scores(texts)
        .Zip(texts, (scores, text) => scores.Zip(_engine.Predict(new Input { Text = text }).Score, (a, b) => Math.Abs(a - b)).Max()).Max();

    public void Dispose()
    {
        _engine.Dispose();
        _model.Dispose();
    }

    private PredictionEngine<Input, Output> NewEngine() =>
        _ml.Model.CreatePredictionEngine<Input, Output>(_model, new PredictionEngineOptions { OwnsTransformer = false });

    private float[][] Scores(IReadOnlyList<string> texts)
    {
        IDataView scored = _model.Transform(_ml.Data.LoadFromEnumerable(texts.Select(text => new Input { Text = text })));
        return [.. scored.GetColumn<float[]>("Score")];
    }

    private sealed class Input
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Output
    {
        public float[] Score { get; set; } = [];
    }
}
