using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

public sealed class KeyValuesTests
{
    private static readonly DateTime[] _dates = [new(2024, 2, 29), new(2025, 1, 1, 13, 30, 5)];

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Text() => Survives<string>(["red", "light blue", "grün"], ["red", "light blue", "grün"]);

    [Fact]
    public void Int() => Survives([-7, 0, 12], ["-7", "0", "12"]);

    [Fact]
    public void Byte() => Survives<byte>([3, 255], ["3", "255"]);

    [Fact]
    public void Long() => Survives([-7_000_000_000, 5], ["-7000000000", "5"]);

    [Fact]
    public void Float() => Survives([1.5f, -0.25f], ["1.5", "-0.25"]);

    [Fact]
    public void Double() => Survives([1e300, 0.1], ["1E+300", "0.1"]);

    [Fact]
    public void Bool() => Survives([false, true], ["False", "True"]);

    [Fact]
    public void Date() => Survives(_dates, ["02/29/2024 00:00:00", "01/01/2025 13:30:05"]);

    [Fact]
    public void Duration() => Survives([TimeSpan.FromMinutes(90)], ["01:30:00"]);

    [Fact]
    public void A_column_without_them_has_none()
    {
        IDataView view = _context.Data.LoadFromEnumerable(new[] { new TextRow() });
        Assert.Null(KeyValues.Of(view.Schema["Text"]));
        Assert.Null(KeyValues.Of(view.Schema["Group"]));
    }

    [Fact]
    public void Names_are_invariant_whatever_the_culture()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = new("de-DE");
            Survives([1.5f, -0.25f], ["1.5", "-0.25"]);
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Names_given_as_text_annotate_a_column()
    {
        var keys = KeyValues.FromText(["x", "y"]);
        Assert.Equal(2, keys.Count);
        Assert.Equal(["x", "y"], keys.Names);
        using var model = new FakeClassifier(_context, keys);
        Assert.Equal(["x", "y"], KeyValues.Of(model.GetOutputSchema(TextRows.View(_context, 1).Schema)["PredictedLabel"])!.Names);
    }

    [Fact]
    public void Bytes_that_are_no_key_values_are_refused()
    {
        using var stream = new MemoryStream([4, (byte)'J', (byte)'u', (byte)'n', (byte)'k', 0, 0, 0, 0, 0, 0, 0]);
        Assert.Contains("key values", Assert.ThrowsAny<Exception>(() => KeyValues.Load(_context, stream)).Message);
    }

    private void Survives<T>(T[] values, string[] names)
    {
        IDataView raw = _context.Data.LoadFromEnumerable(values.Select(value => new Labelled<T> { Value = value, Text = "" }));
        IDataView view = _context.Transforms.Conversion.MapValueToKey("Label", "Value").Fit(raw).Transform(raw);
        KeyValues keys = KeyValues.Of(view.Schema["Label"])!;
        Assert.Equal(values.Length, keys.Count);
        Assert.Equal(names, keys.Names);

        using var stream = new MemoryStream();
        keys.Save(((IHostEnvironment)_context).Register("test"), stream);
        stream.Position = 0;
        Assert.Equal(names, KeyValues.Load(_context, stream).Names);

        FakeClassifier model = Chains.SaveAndLoad(new FakeClassifier(_context, keys), view.Schema);
        IDataView predicted = model.Transform(view);
        Assert.Equal(names, KeyValues.Of(predicted.Schema["PredictedLabel"])!.Names);
        IDataView named = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(predicted).Transform(predicted);
        Assert.Equal(values[0], named.GetColumn<T>("PredictedLabel").First());
    }

    private sealed class Labelled<T>
    {
        public T Value { get; set; } = default!;

        public string Text { get; set; } = "";
    }
}
