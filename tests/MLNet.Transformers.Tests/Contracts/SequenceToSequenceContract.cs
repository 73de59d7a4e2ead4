using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.SequenceToSequence;

namespace MLNet.Transformers.Tests.Contracts;

internal sealed class SequenceToSequenceContract : TaskContract
{
    private sealed class Written
    {
        public string PredictedText { get; set; } = "";
    }

    public override IReadOnlyList<HeadKind> Heads => [HeadKind.SequenceToSequence, HeadKind.CausalLanguageModel];

    public override IEnumerable<string> Texts => Translations.Rows.SelectMany(row => new[] { row.Source!, row.Target! });

    public override IReadOnlyList<string> Outputs => ["PredictedText"];

    // The early GLMs write between tokens of their own.
    public override Checkpoint Fresh(string network) => Translations.Fresh(network);

    public override IDataView Rows(MLContext ml) => Translations.Data(ml);

    public override IEstimator<ITransformer> Trainer(MLContext ml, Checkpoint checkpoint, Action<TrainingOptions> settings)
    {
        var options = new SequenceToSequenceOptions { MaxTargetTokens = 8 };
        settings(options);
        // T5 begins with large weights, and takes larger steps.
        options.LearningRate *= checkpoint.Config.ModelType == "t5" ? 5 : 2;
        return ml.Transformers().SequenceToSequence(checkpoint, options);
    }

    public override IEstimator<ITransformer> Apply(MLContext ml, Checkpoint checkpoint, Action<TextOptions> settings)
    {
        var options = new ApplySequenceToSequenceOptions();
        settings(options);
        return ml.Transformers().ApplySequenceToSequence(checkpoint, options);
    }

    public override double Judge(MLContext ml, IDataView predicted) =>
        Translations.Texts(predicted).Zip(Translations.Rows).Average(pair => pair.First == pair.Second.Target ? 1.0 : 0);

    public override string[] Engine(MLContext ml, ITransformer model) => Engine<Translations.Row, Written>(ml, model, Translations.Rows, Outputs);

    public override void SaveCheckpoint(ITransformer model, string folder) => ((SequenceToSequenceTransformer)model).SaveCheckpoint(folder);

    public override IReadOnlyDictionary<string, (Func<MLContext, IDataView> Rows, string[] Words)> BadInput { get; } =
        new Dictionary<string, (Func<MLContext, IDataView>, string[])>
        {
            ["no source column"] = (ml => ml.Data.LoadFromEnumerable([new { Target = "schnee" }]), ["source", "'Source'"]),
            ["no target column"] = (ml => ml.Data.LoadFromEnumerable([new { Source = "snow" }]), ["target", "'Target'"]),
            ["a source that is a number"] = (ml => ml.Data.LoadFromEnumerable([new { Source = 1f, Target = "schnee" }]), ["source", "'Source'", "Single"]),
            ["a target that is a list of texts"] = (ml => ml.Data.LoadFromEnumerable([new { Source = "snow", Target = new[] { "schnee" } }]), ["target", "'Target'"]),
            ["no target in any row"] = (ml => ml.Data.LoadFromEnumerable([new Translations.Row { Source = "snow" }]), ["have no target"]),
            ["no row"] = (ml => ml.Data.LoadFromEnumerable(Array.Empty<Translations.Row>()), ["row"]),
        };
}
