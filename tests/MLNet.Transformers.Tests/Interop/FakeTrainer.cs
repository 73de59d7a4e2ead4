using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

/// <summary>An estimator of <see cref="FakeClassifier"/>: takes the classes from the label column.</summary>
internal sealed class FakeTrainer(IHostEnvironment env) : IEstimator<FakeClassifier>
{
    private readonly IHost _host = env.Register(nameof(FakeTrainer));

    public FakeClassifier Fit(IDataView input) =>
        new(env, KeyValues.Of(input.Schema.RequireKey(_host, "label", "Label"))!);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        inputSchema.RequireText(_host, "text", "Text");
        return FakeClassifier.Outputs("PredictedLabel", "Score").Shape(inputSchema, inputSchema.RequireKey(_host, "label", "Label"));
    }
}
