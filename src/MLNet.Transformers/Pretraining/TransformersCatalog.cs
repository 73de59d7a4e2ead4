using Microsoft.ML;
using MLNet.Transformers.Pretraining;

namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>
    /// Trains a network on plain text: each row is a document. <see cref="PretrainingTransformer.Checkpoint"/> of what comes out is what any other trainer goes
    /// on from. Text need not fit in memory: it becomes tokens in files that are mapped into memory.
    /// </summary>
    /// <param name="checkpoint">A config with fresh weights, or a checkpoint folder to go on with.</param>
    /// <param name="objective">What is learnt.</param>
    /// <param name="options">Columns and settings of training; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options or of the objective is not allowed.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer lacks a token that the objective needs, or sequences are to be too short for it.</exception>
    /// <exception cref="NotSupportedException">The architecture has no head for the objective.</exception>
    public PretrainingTrainer Pretraining(Checkpoint checkpoint, PretrainingObjective objective, PretrainingOptions? options = null) =>
        new(_context, checkpoint, objective, options ?? new PretrainingOptions());

    /// <summary>Reads text files as documents, when they are asked for and never more than one in memory.</summary>
    /// <param name="path">A file, or a folder: all its files that match, also in folders below it, in the order of their paths.</param>
    /// <param name="format">What is a document.</param>
    /// <param name="pattern">Which files of a folder are read; * and ? stand for any letters.</param>
    /// <param name="textProperty">Of lines of JSON, the property that holds the text.</param>
    /// <returns>
    /// A row for each document, with the column Text. A document of more than 262,144 characters has a row for each stretch of lines of about so many; the column
    /// ContinuesDocument, a Boolean, says which rows go on with the one before.
    /// </returns>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">The folder has no file that matches; and, when rows are read, a file that is no text in UTF-8, or a line that is no JSON or lacks the property: the message names file and line.</exception>
    public IDataView LoadDocuments(string path, DocumentFormat format = DocumentFormat.File, string pattern = "*", string textProperty = "text")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        ArgumentException.ThrowIfNullOrWhiteSpace(textProperty);
        Check.Defined(format, nameof(format));
        string[] files = DocumentFiles.Find(path, pattern);
        return _context.Data.LoadFromEnumerable(files.SelectMany(file => DocumentFiles.Read(file, format, textProperty))
            .Select(text => new Document { Text = text.Text, ContinuesDocument = text.Continues }));
    }
}
