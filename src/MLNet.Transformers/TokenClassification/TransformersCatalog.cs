using Microsoft.ML;
using MLNet.Transformers.TokenClassification;

namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>Trains a tagger of words, on words with tags or on raw texts with spans of characters.</summary>
    /// <param name="checkpoint">A checkpoint folder to fine-tune, or a config with fresh weights.</param>
    /// <param name="options">Columns and settings of training; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    public TokenClassificationTrainer TokenClassification(Checkpoint checkpoint, TokenClassificationOptions? options = null) =>
        new(_context, checkpoint, options ?? new TokenClassificationOptions());

    /// <summary>Tags words, or finds entities in raw texts, with the head that a checkpoint already has; needs no tags and no training.</summary>
    /// <param name="checkpoint">A checkpoint folder with a head for token classification.</param>
    /// <param name="options">Columns and settings; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    public TokenClassificationEstimator ApplyTokenClassification(Checkpoint checkpoint, ApplyTokenClassificationOptions? options = null) =>
        new(_context, checkpoint, options ?? new ApplyTokenClassificationOptions());

    /// <summary>
    /// Reads a CoNLL file: a word a line, its tag in another column, sentences parted by empty lines. Lines that begin a document (-DOCSTART-) and
    /// comments are passed over.
    /// </summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <param name="options">Columns; null: the word in the first column, the tag in the last.</param>
    /// <returns>A row for each sentence, with the columns Words and Tags, vectors of text.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line lacks a column or has an empty tag, or there is no line; the message names file and line.</exception>
    public IDataView LoadConll(string path, ConllOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new ConllOptions();
        Check.AtLeast(options.WordColumn, 0, nameof(options.WordColumn));
        Check.AtLeast(options.TagColumn, 0, nameof(options.TagColumn));
        return _context.Data.LoadFromEnumerable(ConllFile.Read(path, options));
    }

    /// <summary>
    /// Reads the table that Model Builder's scenario for named entities takes: a sentence, and behind a tab each the type of each of its words (the stretches
    /// between blanks), "0" or "O" outside of entities. Neighbouring words of one type are one entity.
    /// </summary>
    /// <param name="path">The table, UTF-8.</param>
    /// <param name="typesPath">
    /// The key information file, a type a line: other types in the table are errors. A list of tags, in which each type has several prefixes ("B-PER",
    /// "I-PER"), says that the table holds tags. Null: any type is taken, and where all have prefixes they are tags.
    /// </param>
    /// <param name="hasHeader">Whether the first line names the columns.</param>
    /// <returns>A row for each sentence, with the columns Words and Tags, vectors of text; tags in IOB2 ("B-Name", "I-Name", "O").</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A sentence has another number of words than of types, or there is no row; the message names file and line.</exception>
    public IDataView LoadModelBuilderEntities(string path, string? typesPath = null, bool hasHeader = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return _context.Data.LoadFromEnumerable(ModelBuilderTable.Read(path, typesPath, hasHeader));
    }

    /// <summary>
    /// Looks through the rows that a tagger is to be trained on, before a minute of training is spent: lengths that differ, spans that do not lie on words,
    /// broken and unknown and rare tags, empty rows, rows that stand there twice or in training and test, rows that are longer than the network takes.
    /// </summary>
    /// <param name="training">Rows as <see cref="TokenClassification"/> takes them.</param>
    /// <param name="test">Rows that are held back; null: none.</param>
    /// <param name="options">The options that are to be trained with: columns, scheme and MaxTokens count. Null: all defaults.</param>
    /// <param name="checkpoint">Whose tokenizer counts tokens; null: lengths are not looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public TokenDataReport CheckTokenData(IDataView training, IDataView? test = null, TokenClassificationOptions? options = null, Checkpoint? checkpoint = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        var doctor = new TokenDataDoctor(
            _context, training, TextOptions.Checked(options ?? new TokenClassificationOptions()), checkpoint);
        return doctor.Examine(training, test);
    }
}
