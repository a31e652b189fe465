#include "core/catalog/records.h"
