using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests.Interop;

/// <summary>ML.NET's export to ONNX must not make a graph that asks its user for the answers.</summary>
public sealed class OnnxTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IDataView _data;
    private readonly FakeClassifier _model;

    public OnnxTests() => (_data, _model) = (TextRows.View(_context, 10), FakeClassifier.WithClasses(_context, TextRows.Classes));

    [Fact]
    public void Alone_it_is_refused_by_name() => Refuses(_model);

    [Fact]
    public void Behind_others_it_is_refused_by_name() =>
        Refuses(new TransformerChain<ITransformer>(_context.Transforms.CopyColumns("Copy", "Features").Fit(_data), _model));

    [Fact]
    public void Before_others_it_is_refused_by_name() =>
        Refuses(new TransformerChain<ITransformer>(_model, _context.Transforms.CopyColumns("Copy", "Score").Fit(_model.Transform(_data))));

    [Fact]
    public void Between_others_it_is_refused_by_name()
    {
        ITransformer first = _context.Transforms.CopyColumns("Copy", "Features").Fit(_data);
        IDataView scored = _model.Transform(first.Transform(_data));
        Refuses(new TransformerChain<ITransformer>(first, _model, _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored)));
    }

    [Fact]
    public void Where_only_other_columns_are_wanted_it_is_refused_by_name()
    {
        var chain = new TransformerChain<ITransformer>(_model, _context.Transforms.CopyColumns("Copy", "Features").Fit(_model.Transform(_data)));
        Refused(() => _context.Model.ConvertToOnnx(chain, _data, Stream.Null, "Copy"));
    }

    [Fact]
    public void Two_in_a_row_are_refused_by_name() =>
        Refuses(new TransformerChain<ITransformer>(_model, new FakeClassifier(_context, _model.Keys, suffix: "2")));

    [Fact]
    public void What_stands_before_it_is_converted_for_itself()
    {
        using var graph = new MemoryStream();
        _context.Model.ConvertToOnnx(_context.Transforms.CopyColumns("Copy", "Features").Fit(_data), _data, graph);
        Assert.True(graph.Length > 0);
    }

    private void Refuses(ITransformer model)
    {
        using var graph = new MemoryStream();
        Refused(() => _context.Model.ConvertToOnnx(model, _data, graph));
        Assert.Equal(0, graph.Length);
    }

    private static void Refused(Action convert) =>
        Assert.Contains("A FakeClassifier cannot be converted to ONNX", Assert.Throws<NotSupportedException>(convert).Message);
}
