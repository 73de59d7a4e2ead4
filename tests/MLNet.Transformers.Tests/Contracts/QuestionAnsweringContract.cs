using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.QuestionAnswering;

namespace MLNet.Transformers.Tests.Contracts;

internal sealed class QuestionAnsweringContract : TaskContract
{
    private static readonly Questions.Row[] _rows =
    [
        Questions.Ask("who sat", "ann sat in the box", "ann"),
        Questions.Ask("where", "bob ran to the top", "the top"),
        Questions.Ask("what color", "a red hat", "red"),
        Questions.Ask("who", "in the box sat a dog", "a dog"),
        Questions.Ask("where", "the cat hid in a hat", "in a hat"),
        Questions.Ask("what", "bob sat to top it", "it"),
        Questions.Ask("who hid", "a red box", null),
        Questions.Ask("where", "ann ran", null),
    ];

    public override IReadOnlyList<HeadKind> Heads => [HeadKind.QuestionAnswering];

    public override IEnumerable<string> Texts => _rows.SelectMany(row => new[] { row.Question!, row.Context! });

    public override IReadOnlyList<string> Outputs =>
        ["PredictedAnswer", "PredictedAnswerStart", "Score", "NullScore", "TopAnswers", "TopAnswerStarts", "TopScores"];

    public override IDataView Rows(MLContext ml) => ml.Data.LoadFromEnumerable(_rows);

    public override IEstimator<ITransformer> Trainer(MLContext ml, Checkpoint checkpoint, Action<TrainingOptions> settings)
    {
        var options = new QuestionAnsweringOptions();
        settings(options);
        // A start and an end of many tokens take longer to learn than one class of two.
        options.Epochs *= 2;
        return ml.Transformers().QuestionAnswering(checkpoint, options);
    }

    public override IEstimator<ITransformer> Apply(MLContext ml, Checkpoint checkpoint, Action<TextOptions> settings)
    {
        var options = new ApplyQuestionAnsweringOptions();
        settings(options);
        return ml.Transformers().ApplyQuestionAnswering(checkpoint, options);
    }

    public override double Judge(MLContext ml, IDataView predicted) => Questions.Read(ml, predicted).Zip(_rows)
        .Average(pair => (pair.First.PredictedAnswer, pair.First.PredictedAnswerStart) == (pair.Second.Answer ?? "", pair.Second.AnswerStart) ? 1.0 : 0);

    public override string[] Engine(MLContext ml, ITransformer model) => Engine<Questions.Row, Questions.Found>(ml, model, _rows, Outputs);

    public override void SaveCheckpoint(ITransformer model, string folder) => ((QuestionAnsweringTransformer)model).SaveCheckpoint(folder);

    public override IReadOnlyDictionary<string, (Func<MLContext, IDataView> Rows, string[] Words)> BadInput { get; } =
        new Dictionary<string, (Func<MLContext, IDataView>, string[])>
        {
            ["no question column"] = (ml => Without(ml, "Question"), ["question", "'Question'"]),
            ["no context column"] = (ml => Without(ml, "Context"), ["context", "'Context'"]),
            ["no answer column"] = (ml => Without(ml, "Answer"), ["answer", "'Answer'"]),
            ["no column of the answers' starts"] = (ml => Without(ml, "AnswerStart"), ["start of the answer", "'AnswerStart'"]),
            ["a question that is a number"] = (ml => Copied(ml, "Question", "AnswerStart"), ["question", "'Question'", "Int32"]),
            ["an answer that is a number"] = (ml => Copied(ml, "Answer", "AnswerStart"), ["answer", "'Answer'", "Int32"]),
            ["a start that is a text"] = (ml => Copied(ml, "AnswerStart", "Answer"), ["start of the answer", "'AnswerStart'", "Int32, Int64 or Single"]),
            ["no answer that is in its context"] = (ml => ml.Data.LoadFromEnumerable([new Questions.Row { Context = "a", Answer = "b" }]), ["answer", "not found"]),
            ["no row"] = (ml => ml.Data.LoadFromEnumerable(Array.Empty<Questions.Row>()), ["row"]),
        };

    private static IDataView Without(MLContext ml, string column) => Changed(ml, ml.Transforms.DropColumns(column));

    private static IDataView Copied(MLContext ml, string to, string from) => Changed(ml, ml.Transforms.CopyColumns(to, from));

    private static IDataView Changed(MLContext ml, IEstimator<ITransformer> change)
    {
        IDataView rows = ml.Data.LoadFromEnumerable(_rows);
        return change.Fit(rows).Transform(rows);
    }
}
