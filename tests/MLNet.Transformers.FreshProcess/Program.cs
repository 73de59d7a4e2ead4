// Uses a saved pipeline. This source names nothing of MLNet.Transformers, and the package arrives through a class library.
//   MODEL.zip TEXT...              classifies texts with an engine
//   --rows DATA.idv MODEL.zip COLUMN...   prints columns of the transformed rows
using FreshProcess;
using FreshProcess.Library;
using Microsoft.ML;

var ml = new MLContext();
if (args[0] == "--rows")
{
    ITransformer saved = ml.Model.Load(args[2], out _);
    foreach (string line in RowText.Lines(saved.Transform(ml.Data.LoadFromBinary(args[1])), args[3..]))
    {
        Console.WriteLine(line);
    }
    return;
}
ITransformer model = ml.Model.Load(args[0], out DataViewSchema schema);
using var engine = ml.Model.CreatePredictionEngine<InputRow, OutputRow>(model, schema);
foreach (string text in args.Skip(1))
{
    OutputRow row = engine.Predict(new InputRow { Text = text });
    Console.WriteLine($"{row.PredictedLabel}\t{string.Join(' ', row.Score.Select(score => BitConverter.SingleToUInt32Bits(score)))}");
}
