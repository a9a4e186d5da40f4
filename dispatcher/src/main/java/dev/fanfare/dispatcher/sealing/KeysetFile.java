package dev.fanfare.dispatcher.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// A keyset in a file that only its owner can read. At every moment the file holds a whole keyset.
public final class KeysetFile {
  private KeysetFile() {}

  /// @throws FileAlreadyExistsException if there is one: it is never overwritten by another
  public static void create(Path file, Keyset keyset) throws IOException {
    var _ = Files.createFile(file, ownersOnly());
    replace(file, keyset);
  }

  /// The keyset of a file that was made by [#create].
  public static void replace(Path file, Keyset keyset) throws IOException {
    var target = file.toAbsolutePath();
    var fresh = target.resolveSibling(target.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    var _ = Files.createFile(fresh, ownersOnly());
    Files.writeString(fresh, keyset.reveal() + "\n", UTF_8);
    Files.move(fresh, target, ATOMIC_MOVE, REPLACE_EXISTING);
  }

  private static FileAttribute<?>[] ownersOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
