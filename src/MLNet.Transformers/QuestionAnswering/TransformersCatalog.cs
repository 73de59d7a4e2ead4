using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.QuestionAnswering;

namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>Trains a network to find the answers to questions in texts of any length.</summary>
    /// <param name="checkpoint">A checkpoint folder to fine-tune, or a config with fresh weights.</param>
    /// <param name="options">Columns and settings of training; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    public QuestionAnsweringTrainer QuestionAnswering(Checkpoint checkpoint, QuestionAnsweringOptions? options = null) =>
        new(_context, checkpoint, options ?? new QuestionAnsweringOptions());

    /// <summary>Answers questions with the head that a checkpoint already has; needs no answers and no training.</summary>
    /// <param name="checkpoint">A checkpoint folder with a head for question answering.</param>
    /// <param name="options">Columns and settings; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="CheckpointException">The folder's question_answering.json is malformed.</exception>
    public QuestionAnsweringEstimator ApplyQuestionAnswering(Checkpoint checkpoint, ApplyQuestionAnsweringOptions? options = null) =>
        new(_context, checkpoint, options ?? new ApplyQuestionAnsweringOptions());

    /// <summary>
    /// Reads a file of questions as SQuAD 1.1 and 2 lay it out, and others after them (XQuAD, CMRC 2018). Columns: Id, Title, Context and Question, texts;
    /// Answer, a vector of texts, and AnswerStart, a vector of Int32, both without values where there is no answer; IsImpossible. Places count UTF-16 units, as
    /// .NET does: the file's, which count code points, are converted.
    /// </summary>
    /// <param name="path">The file. It is read at once.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no such JSON; the message names the file and the place in it.</exception>
    public IDataView LoadSquad(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return _context.Data.LoadFromEnumerable(SquadFile.Read(path));
    }
}
